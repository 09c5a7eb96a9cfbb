"""Measures Podium's Delta tables beside delta-rs, Sail and DuckDB in the same run.

Usage: delta_bench.py [merge] [merges] [open] [append] [zorder] [compact]   (all without arguments)
Environment: PODIUM_BENCH_ROWS (10000000), PODIUM_BENCH_REPEAT (3).

Each figure is of one fresh process with its engine open: start-up, the loading of a source and the
making of tables are not in it. Tables of one comparison share their data files.
"""

import datetime
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys

from measuring import measure, paired, podium, quietly, repeat, root, run_parts, scratch

peer = str(root / "Benchmarks/delta_peer.py")
delta_bench = str(root / ".build/release/delta-bench")
rows = int(os.environ.get("PODIUM_BENCH_ROWS", "10000000"))


def answer(words):
    """Runs a command that prints JSON, and adds its peak memory in MB."""
    run = measure(words)
    return dict(json.loads(run["output"]), memory=run["memory"])


def ours(work, *words):
    return answer([delta_bench, work, *map(str, words)])


def theirs(work, *words):
    return answer([sys.executable, peer, work, *map(str, words)])


SQL = """
import duckdb, sys
connection = duckdb.connect()
connection.execute("SET enable_progress_bar = false")
connection.execute(sys.stdin.read())
"""


def sql(text):
    """Runs statements in a process of their own: a child's peak memory is never below that of the
    process which started it."""
    subprocess.run([sys.executable, "-c", SQL], input=text.encode(), check=True)


def seconds(run):
    return run["seconds"] if isinstance(run["seconds"], float) else sum(run["seconds"])


def middle(runs):
    return statistics.median(seconds(run) for run in runs)


def tell(name, value, unit="s", digits=3):
    print(f"  {name:<48} {value:10.{digits}f} {unit}", flush=True)


def verdict(name, value, target):
    print(f"  {name:<48} {value:10.2f} x   (target {target})", flush=True)


def size(folder):
    """Bytes below a folder, and names of files there."""
    files = [p for p in pathlib.Path(folder).rglob("*") if p.is_file()]
    return {str(p): p.stat().st_size for p in files}


def make(folder, query, files, properties=()):
    """A table of the rows of a query, in so many files of one size each."""
    os.makedirs(folder)
    sql(f"""CREATE TABLE t AS {query};
            {"".join(f"COPY (SELECT * FROM t LIMIT {rows // files} OFFSET {rows // files * n}) "
                     f"TO '{folder}/part-{n:04}.parquet' (COMPRESSION snappy);"
                     for n in range(files))}""")
    quietly(podium, "table", "convert", folder + "/")
    for name in properties:
        quietly(podium, "table", "alter", folder + "/", "--set", name)


def fresh(table, copy):
    """Another table over the same data files, which are linked, not copied."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(table, copy, copy_function=os.link)
    return copy


# Two keys of one row: the number, and 32 characters of it.
SCHEMA = {
    "BIGINT": "i AS id",
    "32 characters": "md5(i::VARCHAR) AS id",
}
PAYLOAD = """, 'member ' || i % 50000 AS name, (i % 10000) / 100.0 AS amount,
    TIMESTAMPTZ '2025-01-01 00:00:00+00' + to_seconds(i) AS at, i % 7 AS kind"""


def source(path, key, count, seed):
    """Random keys, nine in ten of them in the table."""
    sql(f"""COPY (SELECT DISTINCT ON (id) {SCHEMA[key]}, 'changed' AS name, 1.5::DECIMAL(10, 2)
        ::DOUBLE AS amount, now() AS at, 9::BIGINT AS kind
        FROM (SELECT CAST(hash(n + {seed} * 1000003) % {rows * 10 // 9}::UBIGINT AS BIGINT) AS i
              FROM range({count}) AS r(n))) TO '{path}'""")


def query(key):
    return (f"SELECT {SCHEMA[key]}, 'member ' || i % 50000 AS name, (i % 10000) / 100.0::DOUBLE "
            f"AS amount, TIMESTAMPTZ '2025-01-01 00:00:00+00' + to_seconds(i) AS at, "
            f"CAST(i % 7 AS BIGINT) AS kind FROM range({rows}) AS r(i)")


def merge():
    for key, target in (("BIGINT", "at least 7"), ("32 characters", "at least 5")):
        print(f"upsert of 100,000 random keys ({key}) into {rows:,} rows in 20 files; "
              "id, name VARCHAR, amount DOUBLE, at TIMESTAMP, kind BIGINT")
        with scratch() as folder:
            make(f"{folder}/vectors", query(key), 20, ["delta.enableDeletionVectors=true"])
            # delta-rs cannot write deletion vectors.
            make(f"{folder}/plain", query(key), 20)
            source(f"{folder}/source.parquet", key, 100_000, 1)
            a, b, c, written = [], [], [], []
            for _ in range(repeat):
                table = fresh(f"{folder}/plain", f"{folder}/c")
                c.append(theirs("sail-merge", table, "id", f"{folder}/source.parquet"))
                table = fresh(f"{folder}/vectors", f"{folder}/a")
                before = size(table)
                a.append(ours("merge", table, "id", f"{folder}/source.parquet"))
                mine = sum(n for f, n in size(table).items() if f not in before)
                table = fresh(f"{folder}/plain", f"{folder}/b")
                before = size(table)
                b.append(theirs("merge", table, "id", f"{folder}/source.parquet"))
                other = sum(n for f, n in size(table).items() if f not in before)
                written.append((mine, other))
            ratios(a, b, target)
            tell("Sail", middle(c))
            tell("Sail, peak memory", statistics.median(x["memory"] for x in c), "MB", 0)
            mine, other = written[0]
            tell("podium writes", mine / 1e6, "MB")
            tell("delta-rs writes", other / 1e6, "MB")
            verdict("less written", other / mine, "at least 30")


def ratios(a, b, target, memory="at most 600 MB", peer="delta-rs"):
    tell("podium", middle(a))
    tell(peer, middle(b))
    verdict("faster", paired(b, a, seconds), target)
    tell("podium, peak memory" + (f" ({memory})" if memory else ""), statistics.median(x["memory"] for x in a), "MB", 0)
    tell(f"{peer}, peak memory", statistics.median(x["memory"] for x in b), "MB", 0)


def merges():
    print(f"100 upserts of 1,000 random keys (BIGINT) into {rows:,} rows in 20 files, with "
          "delta.autoOptimize.autoCompact")
    with scratch() as folder:
        make(f"{folder}/t", query("BIGINT"), 20, [
            "delta.enableDeletionVectors=true", "delta.autoOptimize.autoCompact=true"])
        sources = [f"{folder}/source-{n}.parquet" for n in range(100)]
        for n, path in enumerate(sources):
            source(path, "BIGINT", 1000, n + 2)
        seconds = ours("merge", f"{folder}/t", "id", *sources)["seconds"]
        first, last = statistics.median(seconds[:10]), statistics.median(seconds[-10:])
        tell("the first ten, median", first)
        tell("the last ten, median", last)
        verdict("last / first", last / first, "at most 1.2")
        what = ("sum(id) + sum(kind) + round(sum(amount)) + epoch(max(\"at\")) "
                "+ ascii(max(name))")  # all five columns
        after = [ours("scan", f"{folder}/t", what) for _ in range(repeat)]
        ours("optimize", f"{folder}/t", 1 << 27)
        compacted = [ours("scan", f"{folder}/t", what) for _ in range(repeat)]
        if abs(float(after[0]["answer"]) / float(compacted[0]["answer"]) - 1) > 1e-9:
            sys.exit(f"the answers differ: {after[0]['answer']}, {compacted[0]['answer']}")
        tell("full scan afterwards", middle(after))
        tell("full scan, compacted", middle(compacted))
        verdict("scan / compacted", middle(after) / middle(compacted), "at most 1.3")


def open_table():
    print("open a table of 10,000 commits, three times in a process")
    with scratch() as folder:
        os.makedirs(f"{folder}/t/_delta_log")
        commits(f"{folder}/t/_delta_log", 10_000)
        a = [ours("open", f"{folder}/t") for _ in range(repeat)]
        b = [theirs("open", f"{folder}/t") for _ in range(repeat)]
        assert a[0]["files"] == b[0]["files"]
        print(" without a checkpoint")
        ratios(a, b, "at least 8", "")
        theirs("checkpoint", f"{folder}/t")
        a = [ours("open", f"{folder}/t") for _ in range(repeat)]
        b = [theirs("open", f"{folder}/t") for _ in range(repeat)]
        assert a[0]["files"] == b[0]["files"]
        print(" with a checkpoint")
        ratios(a, b, "at least 1", "")


def commits(log, count):
    """A log in which each commit adds a file with statistics of three columns."""
    schema = {"type": "struct", "fields": [
        {"name": n, "type": t, "nullable": True, "metadata": {}}
        for n, t in (("id", "long"), ("name", "string"), ("at", "timestamp"))]}
    for n in range(count):
        lines = [{"commitInfo": {"timestamp": 1735689600000 + n, "operation": "WRITE",
                                 "operationParameters": {"mode": "Append"}}}]
        if n == 0:
            lines += [{"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}},
                      {"metaData": {"id": "5fba94ed-9794-4965-ba6e-6ee3c0d22af9",
                                    "format": {"provider": "parquet", "options": {}},
                                    "schemaString": json.dumps(schema), "partitionColumns": [],
                                    "configuration": {}, "createdTime": 1735689600000}}]
        stats = {"numRecords": 1000,
                 "minValues": {"id": n * 1000, "name": f"a{n}", "at": "2025-01-01T00:00:00.000Z"},
                 "maxValues": {"id": n * 1000 + 999, "name": f"z{n}",
                               "at": "2025-01-02T00:00:00.000Z"},
                 "nullCount": {"id": 0, "name": 0, "at": 0}}
        lines.append({"add": {"path": f"part-{n:08}-7a2b7a9c.snappy.parquet", "partitionValues": {},
                              "size": 4096, "modificationTime": 1735689600000 + n,
                              "dataChange": True, "stats": json.dumps(stats)}})
        with open(f"{log}/{n:020}.json", "w") as file:
            file.write("".join(json.dumps(x) + "\n" for x in lines))


def append():
    print(f"append {rows:,} rows to an empty table")
    with scratch() as folder:
        sql(f"COPY ({query('BIGINT')}) TO '{folder}/source.parquet'")
        a, b, c, d = [], [], [], []
        for _ in range(repeat):
            a.append(ours("append", f"{folder}/a", f"{folder}/source.parquet"))
            b.append(theirs("copy", f"{folder}/b.parquet", f"{folder}/source.parquet"))
            c.append(theirs("append", f"{folder}/c", f"{folder}/source.parquet"))
            d.append(theirs("sail-append", f"{folder}/d", f"{folder}/source.parquet"))
            for name in ("a", "c", "d"):
                shutil.rmtree(f"{folder}/{name}")
            os.remove(f"{folder}/b.parquet")
        tell("podium", middle(a))
        tell("DuckDB, plain COPY", middle(b))
        tell("delta-rs", middle(c))
        tell("Sail", middle(d))
        verdict("podium / DuckDB", paired(a, b, seconds), "at most 1.15")


def zorder():
    print(f"one day of a year, {rows:,} rows Z-ordered by day and member")
    with scratch() as folder:
        make(f"{folder}/t", f"""
            SELECT DATE '2025-01-01' + CAST(hash(i) % 365 AS INTEGER) AS day,
              CAST(hash(i + 7) % 20000 AS BIGINT) AS member, CAST(uuid() AS VARCHAR) AS visit,
              'class ' || i % 40 AS class FROM range({rows}) AS r(i)""", 20)
        tell("seconds to store in that order",
             ours("optimize", f"{folder}/t", "auto", "day", "member")["seconds"])
        days = [ours("day", f"{folder}/t", "day", datetime.date(2025, 1, 1)
                     + datetime.timedelta(n)) for n in range(3, 365, 30)]
        share = [x["skippedBytes"] / (x["skippedBytes"] + x["bytes"]) for x in days]
        print(f"  files {days[0]['files'] + days[0]['skippedFiles']}, bytes skipped, of 13 days: "
              f"median {statistics.median(share):.3f}, least {min(share):.3f} (target 0.95)")
        sorts = [x for x in days if x["rows"] == 0]
        if sorts:
            sys.exit("a day without rows")


def compact():
    print("compaction of 2,000 files of 5,000 rows")
    with scratch() as folder:
        make(f"{folder}/t", query("BIGINT"), 2000)
        a, b = [], []
        for _ in range(repeat):
            a.append(ours("optimize", fresh(f"{folder}/t", f"{folder}/a"), 1 << 27))
            b.append(theirs("optimize", fresh(f"{folder}/t", f"{folder}/b"), 1 << 27))
        ratios(a, b, "at least 1", "")


run_parts({"merge": merge, "merges": merges, "open": open_table, "append": append, "zorder": zorder,
         "compact": compact})
