#!/usr/bin/env bash
# Makes the Python environment of the benchmark of peers: dbt, Spark, Polars, and Java for Spark.
# Nothing is done where it exists with the pinned versions.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=()
python3 -c 'import venv, ensurepip' 2>/dev/null || packages+=(python3-venv)
command -v java >/dev/null || packages+=(openjdk-17-jre-headless)
if [ ${#packages[@]} -gt 0 ]; then
  echo "bench-env: installing ${packages[*]}" >&2
  if [ "$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi
  $sudo apt-get update -qq
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${packages[@]}" >/dev/null
fi

requirements=Benchmarks/requirements.txt
stamp=.bench-venv/requirements.txt
if cmp -s "$requirements" "$stamp"; then exit 0; fi
rm -rf .bench-venv
python3 -m venv .bench-venv
.bench-venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$requirements"
cp "$requirements" "$stamp"
