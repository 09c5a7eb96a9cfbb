#!/usr/bin/env bash
# Runs the Swift tests, and names again at the end, where they are seen, those that failed.
# What they test is optimised, as the program is: they take less than half as long.
# Arguments go to `swift test`.
set -euo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
swift test --parallel --configuration release -Xswiftc -enable-testing \
  --scratch-path .build/tests "$@" 2>&1 | tee "$log" || status=$?
if [ "$status" != 0 ]; then
  echo
  echo "What failed:"
  # Each failure with the lines that tell of it; known issues are none.
  awk '/^✘.*known issue/ { shown = 0; next }
    /^✘/ || /Fatal error|error:|Exited with|^fuzz: the process ended/ { shown = 30 }
    /^(◇|✔)/ { shown = 0 }
    shown-- > 0 { print substr($0, 1, 600) }' "$log" | head -200 || true
fi
exit "$status"
