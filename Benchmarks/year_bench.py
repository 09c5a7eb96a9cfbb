"""Takes a year of a large gym, heart rates included, through all layers: rows, seconds and peak memory of
each table, and the same gym at a tenth of its size.

Each table is refreshed by a process of its own, inputs first, so that its memory is its own. The engine may
use 3 GB and spills what is more. No table may need more than 4 GB in all, and ten times the members may
cost eleven times the time at most; otherwise this ends with 1.

Usage: year_bench.py
Environment: PODIUM_BENCH_MEMBERS (50000), PODIUM_BENCH_DAYS (365), PODIUM_BENCH_CLUBS (20),
PODIUM_MEMORY_LIMIT (3GB), PODIUM_BENCH_KEEP (a folder in which the lakes stay; a bench that was broken off
goes on there).
"""

import contextlib
import datetime
import json
import os
import pathlib
import sys

from measuring import measure, podium, scratch

members = int(os.environ.get("PODIUM_BENCH_MEMBERS", "50000"))
days = int(os.environ.get("PODIUM_BENCH_DAYS", "365"))
clubs = int(os.environ.get("PODIUM_BENCH_CLUBS", "20"))
os.environ.setdefault("PODIUM_MEMORY_LIMIT", "3GB")
last = datetime.date(2025, 1, 1) + datetime.timedelta(days - 1)
MOST_MEMORY, MOST_TIME = 4096, 11.0


def size(folder):
    """The megabytes of all files below a folder."""
    return sum(file.stat().st_size for file in pathlib.Path(folder).rglob("*") if file.is_file()) / 1e6


def step(lake, name, words):
    """What a command costs, kept beside the lake so that a bench that was broken off goes on."""
    record = pathlib.Path(f"{lake}.steps/{name}.json")
    if not record.exists():
        made = measure(words)
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(json.dumps(made))
    return json.loads(record.read_text())


def refresh(lake, name):
    """A table's rows read and kept, seconds and peak memory."""
    made = step(lake, name, [podium, "run", name, "--lake", lake, "--as-of", str(last), "--json"])
    outcome = next(t for t in json.loads(made["output"])["tables"] if t["table"] == name)
    return {"table": name, "read": outcome["rowsRead"], "rows": outcome["rowsAfter"] or 0, **made}


def gym(folder, members, clubs):
    """Makes a gym, its tables and its published gold; what each step cost."""
    lake = f"{folder}/{members}"
    print(f"{members:,} members, {clubs} clubs, {days} days", flush=True)
    made = step(lake, "generate", [
        podium, "generate", "--lake", lake, "--members", str(members), "--clubs", str(clubs),
        "--days", str(days)])
    print(f"  generate {made['wall']:,.1f} s, {made['memory']:,.0f} MB, "
          f"{size(lake + '/landing'):,.0f} MB of files", flush=True)
    tables = step(lake, "plan", [podium, "plan", "--lake", lake, "--as-of", str(last), "--json"])
    names = [table["table"] for table in json.loads(tables["output"])["tables"]]
    found = []
    for name in names:
        found.append(refresh(lake, name))
        one = found[-1]
        print(f"  {name:34} {one['rows']:>12,} rows {one['wall']:8.1f} s {one['memory']:7,.0f} MB",
              flush=True)
    published = step(lake, "publish", [podium, "publish", "--lake", lake])
    print(f"  publish {published['wall']:,.1f} s, {published['memory']:,.0f} MB", flush=True)
    return {"generate": made, "tables": found, "publish": published, "lake": lake}


def main():
    with contextlib.ExitStack() as stack:
        folder = os.environ.get("PODIUM_BENCH_KEEP") or stack.enter_context(scratch())
        os.makedirs(folder, exist_ok=True)
        small = gym(folder, members // 10, max(1, clubs // 10))
        large = gym(folder, members, clubs)
        failures = []
        print(f"\n| table | rows read | rows | s | peak memory, MB | s of a tenth | ratio |\n"
              f"|---|---|---|---|---|---|---|")
        tenth = {one["table"]: one for one in small["tables"]}
        for one in large["tables"]:
            less = tenth[one["table"]]
            print(f"| {one['table']} | {one['read']:,} | {one['rows']:,} | {one['wall']:.1f} "
                  f"| {one['memory']:,.0f} | {less['wall']:.1f} | {one['wall'] / less['wall']:.1f} |")
            if one["memory"] > MOST_MEMORY:
                failures.append(f"{one['table']} needs {one['memory']:,.0f} MB")
        for figure in ("wall", "cpu"):
            totals = [sum(one[figure] for one in part["tables"]) + part["publish"][figure]
                      for part in (large, small)]
            print(f"all tables and publishing, {figure}: {totals[0]:,.0f} s against {totals[1]:,.0f} s, "
                  f"{totals[0] / totals[1]:.1f} x (target {MOST_TIME:.0f})")
            if figure == "wall" and totals[0] / totals[1] > MOST_TIME:
                failures.append("ten times the members cost more than eleven times the time")
        rows = sum(one["rows"] for one in large["tables"])
        print(f"{rows:,} rows in all tables; landing {size(large['lake'] + '/landing'):,.0f} MB, "
              f"lake {size(large['lake']):,.0f} MB; load {os.getloadavg()[0]:.1f}")
    for failure in failures:
        print(f"FAILED {failure}")
    return 1 if failures else 0


sys.exit(main())
