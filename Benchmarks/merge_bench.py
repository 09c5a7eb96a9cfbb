"""A merge of more than ten million rows: by DuckDB inside Podium, by Sail and by Apache Spark.

Usage: merge_bench.py [--members 2000] [--days 30] [--spark PYTHON]
PYTHON is an interpreter with the package pyspark, without which there is no Apache Spark.

Three of ten members wear a tracker that tells their pulse each second of a workout. All readings are taken in; then all
files arrive again, with another value in every tenth line, and `silver.heart_rate` takes the second delivery, each
engine on a copy of the lake. Told are wall seconds, processor seconds and the peak memory of Podium, which has a
limit of 128 MB for the DuckDB inside it where a server computes (`PODIUM_MEMORY_LIMIT`), and those of the server. The
rows of the table and of its quarantine must be the same after all of them, as DuckDB's own reader of Delta tables
finds them.
"""

import argparse
import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

from measuring import measure, podium, quietly, scratch, used

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "Tests" / "Python"))
import clusters  # noqa: E402

AS_OF = "2025-12-31"
TABLE = "silver.heart_rate"
TABLES = [TABLE, "quarantine.heart_rate"]
# Run in a process of its own: a child's peak memory is never below that of the process that starts it.
COMPARE = """
import json, sys
sys.path.insert(0, sys.argv[1])
import lakes
for table in sys.argv[3:]:
    scan = f"delta_scan('{sys.argv[2]}/{table.replace('.', '/')}')"
    names = [row[0] for row in lakes.answer(f"DESCRIBE SELECT * FROM {scan}") if row[0] not in lakes.OF_RUNS]
    row = ", ".join(f'"{name}"' for name in names)
    print(lakes.answer(f"SELECT count(*), sum(hash({row})::HUGEINT), bit_xor(hash({row})) FROM {scan}")[0])
"""


def deliver_again(folder):
    """Writes each file again under another name, with another value in every tenth line."""
    for source in sorted(folder.iterdir()):
        with open(source) as lines, open(source.with_name("z_" + source.name), "w") as out:
            for number, line in enumerate(lines):
                if number % 10 == 0:
                    line = re.sub(r'"bpm":(\d+)', lambda found: f'"bpm":{int(found[1]) + 1}', line)
                out.write(line)


def rows(lake):
    python = pathlib.Path(__file__).parent.parent / "Tests" / "Python"
    return subprocess.run([sys.executable, "-c", COMPARE, python, lake, *TABLES], check=True, stdout=subprocess.PIPE,
                          text=True).stdout


def merge(name, lake, copy, server=None):
    """Takes the second delivery on a copy of the lake; what the tables hold then."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(lake, copy)
    os.sync()
    limit = ["env", "PODIUM_MEMORY_LIMIT=128MB"] if server else []
    engine = server.address if server else "duckdb"
    run = measure([*limit, podium, "run", TABLE, "--lake", copy, "--as-of", AS_OF, "--engine", engine, "--json"])
    told = json.loads(run["output"])["tables"][0]
    computing, memory = used(server) if server else (0, 0)
    print(f"{name:13} {told['rowsRead']:12,} rows into {told['rowsAfter']:,}: {told['updated']:,} updated, "
          f"{told['quarantined']:,} quarantined; "
          f"{run['wall']:6.1f} s; processor: Podium {run['cpu']:6.1f} s, server {computing:6.1f} s; "
          f"memory: Podium {run['memory']:5.0f} MB, server {memory:5.0f} MB", flush=True)
    return rows(copy)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("Usage: ")[1].split("\n")[0])
    parser.add_argument("--members", default="2000")
    parser.add_argument("--days", default="30")
    parser.add_argument("--spark")
    given = parser.parse_args()
    with scratch() as folder:
        lake, copy = os.path.join(folder, "lake"), os.path.join(folder, "copy")
        quietly(podium, "generate", "--lake", lake, "--members", given.members, "--days", given.days,
                "--sources", "members,workouts,heart_rate", "--heart-rate-every", "1", "--heart-rate-share", "0.3")
        quietly(podium, "run", f"+{TABLE}", "--lake", lake, "--as-of", AS_OF)
        deliver_again(pathlib.Path(lake, "landing", "heart_rate"))
        quietly(podium, "run", TABLE.replace("silver", "bronze"), "--lake", lake, "--as-of", AS_OF)
        shutil.rmtree(os.path.join(lake, "landing", "heart_rate"))
        expected = merge("DuckDB", lake, copy)
        servers = {"Sail": clusters.Sail()}
        if given.spark:
            servers["Apache Spark"] = clusters.Spark(given.spark, **{
                "spark.executor.memory": "4g", "spark.sql.codegen.wholeStage": "true",
                "spark.sql.codegen.factoryMode": "FALLBACK"})
        for name, server in servers.items():
            with server:
                if merge(name, lake, copy, server) != expected:
                    sys.exit(f"{name} gives other rows than DuckDB")
        print("the same rows of all")


if __name__ == "__main__":
    main()
