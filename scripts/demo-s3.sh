#!/usr/bin/env bash
# Makes a gym in a bucket of a server that this script starts and stops, and asks gold.
set -euo pipefail
cd "$(dirname "$0")/.."
podium=.build/release/podium
. scripts/s3-server.sh
lake=s3://lake/gym

say() { printf '\n%s\n' "$*"; }
ask() {
  printf '\n$ podium sql --lake %s "%s"\n' "$lake" "$1"
  "$podium" sql --lake "$lake" "$1"
}

say "An S3 server listens at $AWS_ENDPOINT_URL. A gym of 500 members sends its files to $lake/landing."
sources=members,memberships,billing,schedule,class_attendance,gym_visits,retail
"$podium" generate --lake "$lake" --members 500 --clubs 2 --days 20 --sources "$sources" 2>/dev/null

say "Podium takes them through bronze, silver and gold."
"$podium" run +gold.daily_active_members +gold.revenue_by_class_type --lake "$lake" --as-of 2025-01-20 --jobs 4

say "Ask gold."
ask "SELECT * FROM gold.daily_active_members ORDER BY activity_date DESC LIMIT 5"
ask "SELECT class_type, SUM(revenue) AS revenue FROM gold.revenue_by_class_type GROUP BY 1 ORDER BY 2 DESC"

say "Nothing is new: the next run has nothing to do."
"$podium" run +gold.daily_active_members +gold.revenue_by_class_type --lake "$lake" --as-of 2025-01-20
