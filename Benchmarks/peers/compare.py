"""Compares the silver and gold rows of a peer with Podium's, by DuckDB over the files of both.

Usage: compare.py TABLES.json LAKE PEER FOLDER
Ends with 1 where a table of one has a row, or a repetition of a row, that the other has not. Names tables and
numbers of rows, never values.
"""

import glob
import importlib.util
import json
import sys

import duckdb

tables, lake, peer, folder = sys.argv[1:5]
extensions = importlib.util.find_spec("duckdb_extension_delta").submodule_search_locations[0]
connection = duckdb.connect(config={"allow_unsigned_extensions": True})
connection.execute(f"LOAD '{glob.glob(extensions + '/extensions/*/delta.duckdb_extension')[0]}'")
connection.execute("SET TimeZone = 'UTC'")
if peer == "dbt-duckdb":
    connection.execute(f"ATTACH '{folder}/warehouse.duckdb' AS warehouse (READ_ONLY)")


def theirs(name):
    layer, table = name.split(".")
    if peer == "dbt-duckdb":
        return f"warehouse.main.{layer}__{table}"
    if peer == "PySpark":
        return f"read_parquet('{folder}/{layer}/{table}/**/*.parquet', hive_partitioning = true)"
    return f"delta_scan('{folder}/{layer}/{table}')"


def rows(source, columns):
    types = {"TIMESTAMP": "TIMESTAMPTZ", "STRING": "VARCHAR"}
    values = ", ".join(f"CAST({name} AS {types.get(kind, kind)}) AS {name}"
                       for name, kind in columns.items())
    return f"SELECT {values} FROM {source}"


def count(query):
    return connection.execute(f"SELECT count(*) FROM ({query})").fetchone()[0]


failed, compared = [], []
for name, table in json.load(open(tables, encoding="utf-8")).items():
    if name.startswith("bronze."):
        continue
    ours = rows(f"delta_scan('{lake}/{name.replace('.', '/')}')", table["columns"])
    other = rows(theirs(name), table["columns"])
    number, missing = count(ours), count(f"{ours} EXCEPT ALL {other}")
    extra = count(f"{other} EXCEPT ALL {ours}")
    compared.append(f"{name} {number:,}")
    if number == 0 or missing or extra:
        failed.append(f"{name}: Podium has {number:,} rows, {missing:,} of them not in {peer}, which has "
                      f"{extra:,} others")
if failed:
    sys.exit("\n".join(failed))
print(", ".join(compared))
