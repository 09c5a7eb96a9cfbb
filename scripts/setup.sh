#!/usr/bin/env bash
# Installs what Podium is built with and runs on, and does nothing where all of it is there:
#   - Debian packages through apt (sudo where needed)
#   - libduckdb, its extension for S3 and the driver for Spark Connect, pinned by their SHA-256, into the
#     user's cache folder
set -euo pipefail
cd "$(dirname "$0")/.."

duckdb_version=1.5.5
library_wheel="bareduckdb==0.12.155"
library_sha256=fc23f12e376c47be520f75221288281906e7942e8fd6f6ce4849198ba60d0405
httpfs_wheel="duckdb-extension-httpfs==$duckdb_version"
httpfs_sha256=887c392b1e49128d11667c81e3698d8b00dfdeb456771acf66d05a0f74f7b7d8
spark_version=0.3.0
spark_wheel="adbc-driver-spark==$spark_version"
spark_sha256=fce746dd29dfb6ba026b3815c9a2969fe028813c8cbe34892e1d3fa04e3f6598
packages=(
  libcurl4-openssl-dev libexpat1-dev liblz4-dev libsqlite3-dev libssl-dev libxxhash-dev zlib1g-dev
)

say() { printf '%s\n' "setup: $*" >&2; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' \
      || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return
  if ! command -v apt-get >/dev/null; then
    say "needs the libraries behind the Debian packages ${missing[*]}; install them and try again"
    exit 1
  fi
  say "installing ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    "${missing[@]}" >/dev/null
}

sha256_of() { sha256sum "$1" | cut -d' ' -f1; }

# Takes a file out of a wheel: WHEEL MEMBER SHA-256 FOLDER
fetch() {
  local wheel="$1" member="$2" sha256="$3" folder="$4" name="${2##*/}" found
  if [ -f "$folder/$name" ] && [ "$(sha256_of "$folder/$name")" = "$sha256" ]; then return; fi
  if [ "$(uname -m)" != x86_64 ]; then
    say "there is no pinned $name for $(uname -m): name a libduckdb of version $duckdb_version with" \
      "PODIUM_DUCKDB"
    exit 1
  fi
  python3 -m pip --version >/dev/null 2>&1 || install_packages python3-pip
  say "fetching $name of $wheel"
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  python3 -m pip download --quiet --no-deps --only-binary=:all: --python-version 3.12 \
    --platform manylinux_2_28_x86_64 --platform manylinux_2_26_x86_64 \
    --platform manylinux_2_34_x86_64 --platform manylinux2014_x86_64 --dest "$work" "$wheel"
  python3 - "$work" "$member" "$name" <<'PYTHON'
import glob, sys, zipfile
work, member, name = sys.argv[1:]
with zipfile.ZipFile(glob.glob(work + "/*.whl")[0]) as wheel:
    with open(work + "/" + name, "wb") as out:
        out.write(wheel.read(member))
PYTHON
  found=$(sha256_of "$work/$name")
  if [ "$found" != "$sha256" ]; then
    say "$name has the SHA-256 $found instead of $sha256; nothing was installed"
    exit 1
  fi
  mkdir -p "$folder"
  mv "$work/$name" "$folder/$name.new"
  mv "$folder/$name.new" "$folder/$name"
  rm -rf "$work"
  trap - EXIT
}

install_duckdb() {
  if [ -n "${PODIUM_DUCKDB:-}" ]; then
    [ -f "$PODIUM_DUCKDB" ] && return
    say "PODIUM_DUCKDB names $PODIUM_DUCKDB, which is no file"
    exit 1
  fi
  local folder="${XDG_CACHE_HOME:-$HOME/.cache}/podium/duckdb-$duckdb_version"
  fetch "$library_wheel" bareduckdb/_libs/libduckdb.so "$library_sha256" "$folder"
  fetch "$httpfs_wheel" \
    "duckdb_extension_httpfs/extensions/v$duckdb_version/httpfs.duckdb_extension" \
    "$httpfs_sha256" "$folder"
}

install_spark_driver() {
  if [ -n "${PODIUM_SPARK_DRIVER:-}" ]; then
    [ -f "$PODIUM_SPARK_DRIVER" ] && return
    say "PODIUM_SPARK_DRIVER names $PODIUM_SPARK_DRIVER, which is no file"
    exit 1
  fi
  fetch "$spark_wheel" adbc_driver_spark/libadbc_driver_spark.so "$spark_sha256" \
    "${XDG_CACHE_HOME:-$HOME/.cache}/podium/adbc-driver-spark-$spark_version"
}

if ! command -v swift >/dev/null; then
  say "needs Swift 6.1 or later: see swift.org/install, then try again"
  exit 1
fi
install_packages "${packages[@]}"
install_duckdb
install_spark_driver
