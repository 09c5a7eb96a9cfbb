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
import shutil
import statistics
import sys

from measuring import measure_tree, paired, podium, quietly, repeat, root, scratch
from peers import gym

members = int(os.environ.get("PODIUM_BENCH_MEMBERS", "20000"))
days = int(os.environ.get("PODIUM_BENCH_DAYS", "90"))
single_days = int(os.environ.get("PODIUM_BENCH_SINGLE_DAYS", "5"))
first_day = datetime.date(2025, 1, 1)
here = root / "Benchmarks/peers"
venv = root / ".bench-venv/bin"
# Podium's format of each source; a till writes CSV.
formats = {"retail": "csv", "schedule": "ndjson", "class_attendance": "ndjson"}
targets = {"dbt-duckdb": (1, 10), "PySpark": (5, 10), "Polars": (None, 10)}


class Tool:
    """One of those compared: where it writes, and the commands that start it and that do the work."""

    def __init__(self, name, folder, start, work, environment=None):
        self.name, self.folder, self.start, self.work = name, folder, start, work
        self.environment = environment or {}

    def forget(self):
        """Removes what it wrote; landing files stay, and what Python and dbt keep of their sources."""
        for layer in ("bronze", "silver", "gold", "quarantine", ".podium", "warehouse.duckdb"):
            path = pathlib.Path(self.folder) / layer
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    def measure(self, words):
        return measure_tree([str(word) for word in words], **self.environment)


def podium_tool(folder):
    os.makedirs(f"{folder}/empty/landing")
    return Tool("Podium", f"{folder}/lake",
                [podium, "run", *gym.selectors, "--lake", f"{folder}/empty", "--as-of", first_day],
                lambda day: [podium, "run", *gym.selectors, "--lake", f"{folder}/lake", "--as-of", day])


def dbt_tool(folder, tables):
    out, project, empty = f"{folder}/dbt", f"{folder}/dbt/project", f"{folder}/dbt_empty"
    shutil.copytree(here / "dbt", project)
    shutil.copytree(here / "dbt_empty", empty)
    pathlib.Path(f"{project}/macros/gym.sql").write_text(gym.dbt_macros(tables), encoding="utf-8")
    command = lambda word, place: [venv / "dbt", word, "--project-dir", place, "--profiles-dir", place]
    tool = Tool("dbt-duckdb", out, command("run", empty), lambda day: command("run", project),
                {"GYM_OUT": out, "GYM_LANDING": f"{folder}/lake/landing"})
    tool.measure(command("parse", project))
    return tool


def script_tool(name, script, folder):
    out = f"{folder}/{script}"
    os.makedirs(out)
    words = [venv / "python", here / f"{script}_gym.py"]
    return Tool(name, out, words + ["start"],
                lambda day: words + [f"{folder}/tables.json", f"{folder}/lake/landing", out],
                {"SPARK_LOCAL_DIRS": out, "SPARK_LOCAL_IP": "127.0.0.1"})


def make(chosen, folder, tables):
    makers = {"dbt-duckdb": lambda: dbt_tool(folder, tables),
              "PySpark": lambda: script_tool("PySpark", "spark", folder),
              "Polars": lambda: script_tool("Polars", "polars", folder)}
    for name in chosen:
        if name not in makers:
            sys.exit(f"there is no peer '{name}'; there are {', '.join(makers)}")
    return [podium_tool(folder)] + [makers[name]() for name in chosen or makers]


def generate(folder):
    """The files of all days in all formats that are needed; none has landed yet."""
    for kind in set(formats.values()):
        quietly(podium, "generate", "--lake", f"{folder}/{kind}", "--members", members, "--from",
                first_day, "--days", days + single_days, "--format", kind)


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
            line += f" {whole:8.1f} x {bare(name) / bare(podiums):9.1f} x   {targets[name][target] or ''}"
        print(line.rstrip(), flush=True)


def main():
    with scratch() as folder:
        tables = gym.describe(podium)
        pathlib.Path(f"{folder}/tables.json").write_text(json.dumps(tables), encoding="utf-8")
        generate(folder)
        dates = [first_day + datetime.timedelta(day) for day in range(days + single_days)]
        size = sum(land(folder, day) for day in dates[:days])
        tools = make(sys.argv[1:], folder, tables)
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
