"""Two outside readers, deltalake and DuckDB's delta extension, read every table of a lake that
Podium wrote in several runs, and must find the rows that Podium prints.

Usage: outside_readers.py PODIUM
"""

import datetime
import decimal
import glob
import importlib.util
import json
import os
import subprocess
import sys
import tempfile

import deltalake
import duckdb
import pyarrow

podium = os.path.abspath(sys.argv[1])


def run(*words):
    made = subprocess.run([podium, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if made.returncode != 0:
        sys.exit(f"podium {' '.join(words)}\n{made.stderr.decode()}")
    return made.stdout


def plain(value):
    """A value of an outside reader as Podium's JSON has it; doubles stay numbers."""
    if isinstance(value, datetime.datetime):
        text = value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
        return text + (f".{value.microsecond:06d}" if value.microsecond else "") + "Z"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def same(ours, theirs):
    if isinstance(theirs, float):
        return float(ours) == theirs
    if isinstance(theirs, decimal.Decimal):
        return decimal.Decimal(ours) == theirs
    return ours == theirs


def compare(table, reader, ours, theirs):
    """Rows in any order: both sides sorted by all values that are exact."""
    if len(ours) != len(theirs):
        return f"{table}: podium has {len(ours)} rows, {reader} has {len(theirs)}"
    def key(row):
        return sorted((k, str(v)) for k, v in row.items() if not isinstance(v, float))
    exact = [k for k in (theirs[0] if theirs else {})
             if not any(isinstance(row[k], float) for row in theirs)]
    def order(row):
        return [str(decimal.Decimal(row[k]).normalize()) if isinstance(row[k], (decimal.Decimal, int))
                and not isinstance(row[k], bool) else str(row[k]) for k in exact]
    for a, b in zip(sorted(ours, key=order), sorted(theirs, key=order)):
        for name in b:
            if (a[name] is None) != (b[name] is None) or (
                    b[name] is not None and not same(a[name], b[name])):
                return f"{table}: column {name} differs between podium and {reader}"
    return None


def with_deltalake(path):
    # Its own queries know deletion vectors, which its way into PyArrow does not.
    found = deltalake.QueryBuilder().register("t", deltalake.DeltaTable(path)) \
        .execute("SELECT * FROM t")
    rows = pyarrow.table(found.read_all()).to_pylist()
    return [{name: plain(value) for name, value in row.items()} for row in rows]


def delta_extension():
    folder = importlib.util.find_spec("duckdb_extension_delta").submodule_search_locations[0]
    return glob.glob(folder + "/extensions/*/delta.duckdb_extension")[0]


def with_duckdb(connection, path):
    cursor = connection.execute(f"SELECT * FROM delta_scan('{path}')")
    names = [column[0] for column in cursor.description]
    return [{n: plain(v) for n, v in zip(names, row)} for row in cursor.fetchall()]


passed, failures = 0, []


def compare_all(lake, stage, prefix="", *words):
    """Compares every table of a lake, or of one of its environments."""
    global passed
    listed = json.loads(run("tables", "--lake", lake, "--json", *words))["tables"]
    for table in listed:
        if table["version"] is None:
            continue
        name = table["table"]
        path = f"{lake}/{prefix}{name.replace('.', '/', 1)}"
        lines = run("table", "cat", name, "--lake", lake, "--format", "ndjson", *words)
        ours = [json.loads(line, parse_float=decimal.Decimal) for line in lines.splitlines()]
        for reader, theirs in (("deltalake", with_deltalake(path)),
                               ("duckdb", with_duckdb(connection, path))):
            problem = compare(name, reader, ours, theirs)
            if problem:
                failures.append(f"{stage}: {problem}")
            else:
                passed += 1


connection = duckdb.connect()
connection.execute(f"SET TimeZone = 'UTC'; LOAD '{delta_extension()}'")
with tempfile.TemporaryDirectory(prefix="podium-outside-") as lake:
    run("generate", "--lake", lake, "--members", "250", "--clubs", "2", "--days", "4")
    run("run", "--lake", lake, "--as-of", "2025-01-04")
    # Enough further runs that every log has a checkpoint.
    for day in range(5, 17):
        run("generate", "--lake", lake, "--days", "1", "--continue")
        run("run", "--lake", lake, "--as-of", f"2025-01-{day:02d}")
    compare_all(lake, "after runs")
    if not any(glob.glob(f"{lake}/*/*/_delta_log/*.checkpoint.parquet")):
        failures.append("no table had a checkpoint")
    run("maintain", "--lake", lake, "--as-of", "2025-01-16")
    compare_all(lake, "after maintenance")
    run("rollback", "latest", "--lake", lake)
    compare_all(lake, "after a rollback")
    run("run", "--lake", lake, "--env", "dev", "--as-of", "2025-01-16")
    compare_all(lake, "in an environment", "dev_", "--env", "dev")
    run("promote", "dev", "--lake", lake)
    run("env", "drop", "dev", "--lake", lake)
    compare_all(lake, "after a promotion")

for failure in failures:
    print("FAILED", failure)
print(f"{passed} passed, {len(failures)} failed")
sys.exit(1 if failures else 0)
