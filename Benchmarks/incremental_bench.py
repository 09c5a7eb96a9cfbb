"""Measures what a day's batch costs on a lake of a month and on one of twelve, and against computing all anew.

Usage: incremental_bench.py
Environment: PODIUM_BENCH_MEMBERS (20000), PODIUM_BENCH_REPEAT (3, days measured on each lake),
PODIUM_BENCH_MONTHS (12), PODIUM_BENCH_KEEP (a folder in which the lakes stay for the next time).

Each lake takes in all days but the last ones, then these one by one, each as a run of its own that is
measured. The batches are of about one size: both gyms have as many members, and end on the same day.
"""

import contextlib
import datetime
import json
import os
import pathlib
import statistics
import sys

from measuring import measure, podium, quietly, repeat, scratch, sources

members = int(os.environ.get("PODIUM_BENCH_MEMBERS", "20000"))
months = int(os.environ.get("PODIUM_BENCH_MONTHS", "12"))
last = datetime.date(2025, 12, 31)


def kinds(runs):
    """The way each table is refreshed: bronze, merged, partition, key, whole, or a snapshot, which holds
    rows of a business date each and gets those of the day."""
    snapshots = {table["table"] for made in runs for table in made["report"]["tables"]
                 if table["reason"] == "the business date changed"}
    found = {}
    tables = json.loads(measure([podium, "tables", "--json", "--lake", lake_of_kinds])["output"])
    for table in tables["tables"]:
        name = table["table"]
        if name.startswith("bronze."):
            found[name] = "bronze"
        elif name.split(".")[0] in ("silver", "gold"):
            facts = json.loads(measure([podium, "describe", name, "--json", "--lake",
                                        lake_of_kinds])["output"])
            words = facts["written"]
            if name in snapshots:
                found[name] = "snapshot"
            elif words.startswith("computed whole"):
                found[name] = "whole"
            elif words.startswith("computed from its inputs, by "):
                by = words.removeprefix("computed from its inputs, by ").split(", ")
                found[name] = "partition" if by == facts["partitionedBy"] else "key"
            else:
                found[name] = "merged"
    return found


def run(lake, day, *options):
    made = measure([podium, "run", "--json", "--lake", lake, "--as-of", str(day), *options])
    made["report"] = json.loads(made["output"])
    return made


def grow(folder, name, days):
    """A lake that has taken in so many days; then the measured ones."""
    lake = f"{folder}/{name}"
    first = last - datetime.timedelta(days=days + repeat - 1)
    if not pathlib.Path(f"{lake}/landing").exists():
        quietly(podium, "generate", "--lake", lake, "--members", members, "--days", days, "--from", first,
                "--sources", sources)
        run(lake, first + datetime.timedelta(days=days - 1))
        for later in range(repeat):
            quietly(podium, "generate", "--lake", lake, "--days", 1, "--continue")
            day = first + datetime.timedelta(days=days + later)
            made = run(lake, day)
            pathlib.Path(f"{lake}/run{later}.json").write_text(json.dumps(
                {key: made[key] for key in ("wall", "cpu", "memory", "report")}))
    return lake, [json.loads(pathlib.Path(f"{lake}/run{later}.json").read_text())
                  for later in range(repeat)]


def seconds(report, kind):
    return sum(table["seconds"] for table in report["tables"] if kind_of.get(table["table"]) == kind)


def rows(report):
    return sum(table["rowsRead"] for table in report["tables"] if table["table"].startswith("bronze."))


def median(values):
    return statistics.median(values)


with contextlib.ExitStack() as stack:
    folder = os.environ.get("PODIUM_BENCH_KEEP") or stack.enter_context(scratch())
    os.makedirs(folder, exist_ok=True)
    print(f"a day's batch, {members} members; load {os.getloadavg()[0]:.1f}; medians of {repeat} days",
          flush=True)
    small, small_runs = grow(folder, "one", 30)
    large, large_runs = grow(folder, "many", round(months * 30.4) - repeat)
    lake_of_kinds = large
    kind_of = kinds(large_runs)
    full = run(large, last, "--full-refresh")
    nothing = [run(large, last) for _ in range(repeat)]
    plans = [measure([podium, "plan", "--lake", large, "--as-of", str(last)]) for _ in range(repeat)]

    print(f"  rows of a batch: {median([rows(r['report']) for r in small_runs]):,.0f} on one month, "
          f"{median([rows(r['report']) for r in large_runs]):,.0f} on {months}")
    print(f"  {'':24} {'1 month':>10} {f'{months} months':>10} {'ratio':>7} {'full':>10} {'cheaper':>9}")
    for kind, target, cheaper in (
            ("bronze", "1.15", ""), ("merged", "1.15", ""), ("partition", "1.15", "50"),
            ("key", "3", ""), ("snapshot", "", ""), ("whole", "", "")):
        a = median([seconds(r["report"], kind) for r in small_runs])
        b = median([seconds(r["report"], kind) for r in large_runs])
        c = seconds(full["report"], kind)
        words = f"target {target}" if target else ""
        if cheaper:
            words += f", {cheaper} cheaper"
        if kind == "bronze":
            print(f"  {kind:24} {a:8.2f} s {b:8.2f} s {b / a:6.2f}x {'':10} {'':9}   {words}")
        else:
            print(f"  {kind:24} {a:8.2f} s {b:8.2f} s {b / a:6.2f}x {c:8.2f} s {c / b:8.1f}x   {words}")
    for figure in ("wall", "cpu"):
        a = median([r[figure] for r in small_runs])
        b = median([r[figure] for r in large_runs])
        print(f"  {'run, ' + figure:24} {a:8.2f} s {b:8.2f} s {b / a:6.2f}x {full[figure]:8.2f} s "
              f"{full[figure] / b:8.1f}x   {'target 20 cheaper' if figure == 'wall' else ''}")
    peak = max(r["memory"] for r in large_runs)
    print(f"  peak memory {peak:.0f} MB, of the full refresh {full['memory']:.0f} MB")
    print(f"  nothing new {median([r['wall'] for r in nothing]) * 1000:.0f} ms (target 300), "
          f"plan of {len(kind_of)} tables {median([r['wall'] for r in plans]) * 1000:.0f} ms (target 200)")
    if "--tables" in sys.argv:
        by_name = {}
        for runs in (small_runs, large_runs):
            for table in runs[-1]["report"]["tables"]:
                by_name.setdefault(table["table"], []).append(table)
        for name, (a, b) in sorted(by_name.items(), key=lambda pair: -pair[1][1]["seconds"]):
            print(f"    {name:32} {kind_of.get(name, ''):10} {a['seconds']:7.3f} s {b['seconds']:7.3f} s  "
                  f"{b['reason'][:70]}")
