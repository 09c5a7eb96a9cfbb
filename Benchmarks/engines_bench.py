"""When a server pays: years of gyms of several sizes, computed by DuckDB and by Sail from the same bronze tables.

Usage: engines_bench.py [MEMBERS …]   500, 2,000, 5,000 and 25,000 otherwise, which take 20 minutes

For each size: rows and bytes of the bronze tables; then wall seconds of `podium run silver gold` from an empty start,
processor seconds of Podium and of the server, the peak memory of both, and the rows of all tables that came of it, which
must be the same. DuckDB computes with one core and with all, Sail with all: on a machine of two cores that is one machine
against a cluster of twice its size, whose second half runs Podium too.
"""

import json
import os
import pathlib
import shutil
import sys

from measuring import measure, podium, quietly, scratch, used

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "Tests" / "Python"))
import clusters  # noqa: E402

AS_OF = "2025-12-31"


def refresh(lake, copy, engine, before=()):
    """A run over a copy of a lake, with the rows that its tables have then."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(lake, copy)
    os.sync()
    run = measure([*before, podium, "run", "silver", "gold", "--lake", copy, "--as-of", AS_OF, "--engine", engine, "--json"])
    run["rows"] = {table["table"]: table["rowsAfter"] for table in json.loads(run["output"])["tables"]}
    return run


def line(name, run, computing=0, memory=0):
    print(f"  {name:16} {run['wall']:7.1f} s; processor: Podium {run['cpu']:7.1f} s, server {computing:7.1f} s; "
          f"memory: Podium {run['memory']:6.0f} MB, server {memory:6.0f} MB", flush=True)


def main():
    for members in sys.argv[1:] or ["500", "2000", "5000", "25000"]:
        with scratch() as folder, clusters.Sail() as server:
            lake, copy = os.path.join(folder, "lake"), os.path.join(folder, "copy")
            quietly(podium, "generate", "--lake", lake, "--members", members, "--days", "365")
            made = measure([podium, "run", "bronze", "--lake", lake, "--as-of", AS_OF, "--json"])
            rows = sum(table["rowsAfter"] for table in json.loads(made["output"])["tables"])
            size = sum(file.stat().st_size for file in pathlib.Path(lake, "bronze").glob("**/*.parquet"))
            for source in pathlib.Path(lake, "landing").iterdir():
                shutil.rmtree(source)
            print(f"{int(members):,} members: {rows:,} rows, {size / 1e6:,.0f} MB of bronze", flush=True)
            alone = refresh(lake, copy, "duckdb", before=("taskset", "--cpu-list", "0"))
            line("DuckDB, one core", alone)
            here = refresh(lake, copy, "duckdb")
            line("DuckDB", here)
            before, _ = used(server)
            there = refresh(lake, copy, server.address)
            after, memory = used(server)
            line("Sail", there, after - before, memory)
            if not alone["rows"] == here["rows"] == there["rows"]:
                sys.exit("the engines came to other rows")
            print(f"  {sum(here['rows'].values()):,} rows came of it; load {os.getloadavg()[0]:.1f}", flush=True)


main()
