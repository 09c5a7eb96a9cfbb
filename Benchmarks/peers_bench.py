"""Measures the same work by others: dbt with DuckDB, PySpark, Polars with delta-rs.

Usage: peers_bench.py [dbt-duckdb] [PySpark] [Polars]     (all of them without arguments)
Environment: PODIUM_BENCH_MEMBERS (20000), PODIUM_BENCH_DAYS (90, days of the first run),
PODIUM_BENCH_SINGLE_DAYS (5, days that follow, each as a run of its own), PODIUM_BENCH_REPEAT (3, first runs and starts).

All read the same landing files. After the first run and after the last day every silver and gold table must
hold the same rows as Podium's, or the benchmark fails. Its Python comes from `scripts/bench-env.sh`.
"""

import datetime
import json
import os
import pathlib
import statistics
import sys

from measuring import measure_tree, paired, podium, quietly, repeat, scratch
from peers import gym
from peers.tools import here, make, venv

members = int(os.environ.get("PODIUM_BENCH_MEMBERS", "20000"))
days = int(os.environ.get("PODIUM_BENCH_DAYS", "90"))
single_days = int(os.environ.get("PODIUM_BENCH_SINGLE_DAYS", "5"))
first_day = datetime.date(2025, 1, 1)
# Podium's format of each source; a till writes CSV.
formats = {"retail": "csv", "schedule": "ndjson", "class_attendance": "ndjson"}
targets = {"dbt-duckdb": (1, 10), "PySpark": (5, 10), "Polars": (None, 10)}


def generate(folder):
    """The files of all days in all formats that are needed; none has landed yet."""
    for kind in set(formats.values()):
        quietly(podium, "generate", "--lake", f"{folder}/{kind}", "--members", members, "--from",
                first_day, "--days", days + single_days, "--format", kind, "--sources", ",".join(formats))


def land(folder, day):
    """Puts a day's files into the landing zone; how many bytes they have."""
    size = 0
    for source, kind in formats.items():
        file = f"{source}/{source}_{day}.{kind}"
        os.makedirs(f"{folder}/lake/landing/{source}", exist_ok=True)
        os.link(f"{folder}/{kind}/landing/{file}", f"{folder}/lake/landing/{file}")
        size += os.path.getsize(f"{folder}/lake/landing/{file}")
    return size


def turn(tools, number):
    """The tools in another order each time, so that none has the best place."""
    number %= len(tools)
    return tools[number:] + tools[:number]


def compare(tools, folder, when):
    for tool in tools[1:]:
        made = measure_tree([str(venv / "python"), str(here / "compare.py"), f"{folder}/tables.json",
                             f"{folder}/lake", tool.name, tool.folder])
        print(f"  {when}, {tool.name}: equal rows", flush=True)
    if tools[1:]:
        print(f"    {made['output'].strip()}", flush=True)


def report(title, tools, runs, starts, target):
    """A line a tool; its time by Podium's is the median of pairs, without start-up the ratio of medians."""
    print(f"{title}\n  {'':10} {'wall':>9} {'less start':>11} {'cpu':>9} {'peak':>9} "
          f"{'by Podium':>10} {'less start':>11}   target")
    podiums = tools[0].name
    middle = lambda name, figure: statistics.median(run[figure] for run in runs[name])
    bare = lambda name: middle(name, "wall") - statistics.median(run["wall"] for run in starts[name])
    for tool in tools:
        name = tool.name
        line = (f"  {name:10} {middle(name, 'wall'):7.2f} s {bare(name):9.2f} s "
                f"{middle(name, 'cpu'):7.2f} s {middle(name, 'memory'):6.0f} MB")
        if name != podiums:
            whole = paired(runs[name], runs[podiums], lambda run: run["wall"])
            # Runs so small that they drown in the noise of starts have no ratio without them.
            rest = f"{bare(name) / bare(podiums):9.1f} x" if min(bare(name), bare(podiums)) > 0.05 else f"{'-':>11}"
            line += f" {whole:8.1f} x {rest}   {targets[name][target] or ''}"
        print(line.rstrip(), flush=True)


def main():
    for name in sys.argv[1:]:
        if name not in targets:
            sys.exit(f"there is no peer '{name}'; there are {', '.join(targets)}")
    with scratch() as folder:
        tables = gym.describe(podium)
        pathlib.Path(f"{folder}/tables.json").write_text(json.dumps(tables), encoding="utf-8")
        generate(folder)
        dates = [first_day + datetime.timedelta(day) for day in range(days + single_days)]
        size = sum(land(folder, day) for day in dates[:days])
        tools = make(sys.argv[1:], folder, tables, first_day)
        print(f"the same work by others: {members:,} members, {days} days ({size / 1e6:.0f} MB), then "
              f"{single_days} single days\n  {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; "
              f"medians, tools in turn", flush=True)
        starts, first, daily = ({tool.name: [] for tool in tools} for _ in range(3))
        for number in range(repeat):
            for tool in turn(tools, number):
                starts[tool.name].append(tool.measure(tool.start))
        for number in range(repeat):
            for tool in turn(tools, number):
                tool.forget()
                first[tool.name].append(tool.measure(tool.work(dates[days - 1])))
        compare(tools, folder, "first run")
        sizes = []
        for number, day in enumerate(dates[days:]):
            sizes.append(land(folder, day))
            for tool in turn(tools, number):
                daily[tool.name].append(tool.measure(tool.work(day)))
        compare(tools, folder, "last day")
        print("start: a run with nothing to do, an empty dbt project, a SparkSession, imports\n  "
              + ", ".join(f"{name} {statistics.median(run['wall'] for run in runs):.2f} s"
                          for name, runs in starts.items()))
        report(f"first run, median of {repeat}", tools, first, starts, 0)
        report(f"daily run, median of {single_days} days of about {statistics.median(sizes) / 1e6:.1f} MB",
               tools, daily, starts, 1)
        print(f"load at the end {os.getloadavg()[0]:.1f}")


main()
