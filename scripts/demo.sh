#!/usr/bin/env bash
# Makes a gym in ./demo-lake, takes it through bronze, silver and gold, and asks gold.
# Usage: demo.sh [FOLDER]   demo-lake is made there, in the project's own folder otherwise
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
cd "${1:-$root}"

# As it is typed in the project's folder.
shown=.build/release/podium
lake=demo-lake
podium() { "$root/$shown" "$@"; }

bold=""
plain=""
if [ -t 1 ]; then
  bold=$'\033[1m'
  plain=$'\033[0m'
fi
say() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
ask() {
  printf '\n$ %s sql --lake %s "%s"\n' "$shown" "$lake" "$1"
  podium sql --lake "$lake" "$1"
}

if [ -e "$lake" ]; then
  if [ ! -f "$lake/.made-by-demo" ]; then
    echo "demo: $lake exists and was not made by the demo; move it away and try again" >&2
    exit 1
  fi
  rm -rf "$lake"
fi
mkdir "$lake"
touch "$lake/.made-by-demo"

say "A gym of 5,000 members and 3 clubs sends its files for 60 days."
# The sources that silver and gold read; `podium generate --help` names them all.
sources=members,memberships,cancellations,billing,schedule,class_attendance
sources=$sources,gym_visits,facility_usage,retail,daily_activity
podium generate --lake "$lake" --members 5000 --clubs 3 --days 60 --sources $sources 2>/dev/null

say "Podium takes them through bronze, silver and gold."
podium run --lake "$lake" --as-of 2025-03-01

say "Ask gold."
ask "SELECT * FROM gold.daily_active_members ORDER BY activity_date DESC LIMIT 5"
ask "SELECT class_type, SUM(revenue) AS revenue, SUM(attendances) AS attendances \
FROM gold.revenue_by_class_type GROUP BY class_type ORDER BY revenue DESC"
ask "SELECT week_start, place, instructor_id, attendances FROM gold.top_instructors \
WHERE location_id = 'L01' AND place <= 3 ORDER BY week_start DESC, place LIMIT 6"

say "Next, try:"
cat <<END
  $shown sql --lake $lake "SELECT _failed_rules, count(*) FROM quarantine.facility_usage GROUP BY 1"
  $shown describe --lake $lake silver.class_attendance
  $shown generate --lake $lake --days 5 --continue
  $shown run --lake $lake --as-of 2025-03-06
END
