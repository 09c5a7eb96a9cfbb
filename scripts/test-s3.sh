#!/usr/bin/env bash
# Runs tests that are written for lakes anywhere with all lakes in a bucket, on a server that this script starts and stops.
# Arguments go to `swift test`; without any, the tests of runs and of looking after lakes are run.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/s3-server.sh
export PODIUM_TEST_LAKES=s3://lake/tests
[ $# -gt 0 ] || set -- --filter 'RunnerTests|LakeCareTests'
scripts/test.sh "$@"
