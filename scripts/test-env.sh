#!/usr/bin/env bash
# Makes the Python environment of the tests: outside readers of what Podium writes.
# Nothing is done where it exists with the pinned versions.
set -euo pipefail
cd "$(dirname "$0")/.."

requirements=Tests/requirements.txt
stamp=.venv/requirements.txt
if cmp -s "$requirements" "$stamp"; then exit 0; fi
if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
  echo "test-env: installing python3-venv" >&2
  if [ "$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi
  $sudo apt-get update -qq
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
fi
rm -rf .venv
python3 -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$requirements"
cp "$requirements" "$stamp"
