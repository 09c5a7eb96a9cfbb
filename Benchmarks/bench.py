"""Measures Podium against plain DuckDB in the same run, and prints ratios of medians.

Usage: bench.py [generator] [run] [start]     (all of them without arguments)
Environment: PODIUM_BENCH_MEMBERS (20000), PODIUM_BENCH_DAYS (365), PODIUM_BENCH_REPEAT (3).
"""

import datetime
import os
import shutil
import statistics
import sys

from measuring import measure, paired, podium, quietly, repeat, root, run_parts, scratch, sources

gym_bench = str(root / ".build/release/gym-bench")
members = int(os.environ.get("PODIUM_BENCH_MEMBERS", "20000"))
days = int(os.environ.get("PODIUM_BENCH_DAYS", "365"))


def middle(runs, figure):
    return statistics.median(run[figure] for run in runs)


def line(name, runs):
    print(f"  {name:<34} {middle(runs, 'wall'):8.2f} s wall {middle(runs, 'cpu'):8.2f} s cpu "
          f"{middle(runs, 'memory'):7.0f} MB peak")


def ratio(name, ours, theirs, target):
    wall = paired(ours, theirs, lambda run: run["wall"])
    cpu = paired(ours, theirs, lambda run: run["cpu"])
    print(f"  ratio {name:<28} {wall:8.2f} x wall {cpu:6.2f} x cpu   (target {target})")


COPY_JSON = """
import duckdb, sys, time, resource
c = duckdb.connect()
c.execute("SET threads = 1")
c.execute("SET enable_progress_bar = false")
c.execute(f"CREATE TABLE t AS FROM read_json('{sys.argv[1]}/class_attendance/*.ndjson')")
rows = c.execute("SELECT count(*) FROM t").fetchone()[0]
before = resource.getrusage(resource.RUSAGE_SELF)
c.execute(f"COPY (FROM t) TO '{sys.argv[1]}/copy.json' (FORMAT json)")
after = resource.getrusage(resource.RUSAGE_SELF)
cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
print(rows, cpu)
"""


def generator():
    print(f"check-in rows as NDJSON, one core, {members} members, {days} days")
    ours, theirs = [], []
    for _ in range(repeat):
        with scratch() as folder:
            run = measure([gym_bench, folder, str(members), "12", str(days), "1", "class_attendance"])
            rows, cpu = measure([sys.executable, "-c", COPY_JSON, folder])["output"].split()
            ours.append(int(rows) / run["cpu"])
            theirs.append(int(rows) / float(cpu))
    print(f"  podium's generator, simulation and files {statistics.median(ours) / 1e6:6.2f} million rows/s and core")
    print(f"  DuckDB COPY of the same rows             {statistics.median(theirs) / 1e6:6.2f} million rows/s and core")
    pairs = paired(ours, theirs, lambda rate: rate)
    print(f"  ratio                                    {pairs:6.2f} x             (target at least 1, aim 1.5)")


def full_run():
    print(f"full run of {days} days of {members} members against a plain DuckDB script, 2 threads")
    with scratch() as folder:
        quietly(podium, "generate", "--lake", folder, "--members", members, "--days", days,
                "--sources", sources)
        as_of = str(datetime.date(2025, 1, 1) + datetime.timedelta(days - 1))
        ours, theirs = [], []
        for _ in range(repeat):
            for name in ("bronze", "silver", "gold", "quarantine", ".podium", "plain"):
                shutil.rmtree(f"{folder}/{name}", ignore_errors=True)
            ours.append(measure([podium, "run", "--lake", folder, "--as-of", as_of]))
            theirs.append(measure([sys.executable, str(root / "Benchmarks/plain_duckdb.py"), podium,
                                   folder, as_of, f"{folder}/plain"]))
        line("podium run", ours)
        line("plain DuckDB script", theirs)
        ratio("podium / plain", ours, theirs, "at most 2")
        nothing = [measure([podium, "run", "--lake", folder, "--as-of", as_of]) for _ in range(repeat)]
        line("podium run, nothing new", nothing)


def start():
    print("start-up")
    with scratch() as folder:
        quietly(podium, "generate", "--lake", folder, "--sources", sources)
        quietly(podium, "run", "--lake", folder, "--as-of", "2025-03-01")
        line("podium --help (target 0.02 s)", [measure([podium, "--help"]) for _ in range(11)])
        line("podium plan, demo lake (0.2 s)",
             [measure([podium, "plan", "--lake", folder, "--as-of", "2025-03-01"]) for _ in range(11)])


run_parts({"generator": generator, "run": full_run, "start": start})
