#!/usr/bin/env bash
# Computes a small gym on clusters that it starts and stops, and kills them in the middle: Sail, and with SPARK=1 Apache
# Spark as well, which takes much longer. The tables must be those that DuckDB computes.
# Usage: test-cluster.sh [PODIUM]
set -euo pipefail
cd "$(dirname "$0")/.."
podium="${1:-.build/release/podium}"
spark=()
if [ "${SPARK:-}" = 1 ]; then
  scripts/bench-env.sh
  spark=(--spark .bench-venv/bin/python)
fi
.venv/bin/python Tests/Scripts/cluster.py "$podium" --members 50 --days 6 --batches 3 "${spark[@]}"
.venv/bin/python Tests/Scripts/cluster_faults.py "$podium" --members 50 "${spark[@]}" \
  +gold.facility_usage_by_hour +gold.revenue_by_location
