#!/usr/bin/env bash
# Writes docs/reference anew, its example rows too: those of a small gym that is the same each time.
# Usage: docs.sh [--check]   names what differs instead, and ends with 1
set -euo pipefail
cd "$(dirname "$0")/.."
podium="${PODIUM_BIN:-$PWD/.build/release/podium}"
lake="$(mktemp -d)"
trap 'rm -rf "$lake"' EXIT
"$podium" generate --lake "$lake" --members 60 --clubs 1 --days 300 --heart-rate-every 60 >/dev/null 2>&1
"$podium" run --lake "$lake" --as-of 2025-10-27 >/dev/null 2>&1
if ! "$podium" docs --to docs/reference --lake "$lake" "$@"; then
  echo "'make docs' writes what is missing." >&2
  exit 1
fi
