"""Reading new files and writing Delta tables, by Polars and delta-rs. Arguments as of polars_gym.py."""

import json
import os
import sys

import deltalake
import polars as pl

with open(sys.argv[1], encoding="utf-8") as file:
    tables = json.load(file)
landing, out = sys.argv[2:]
col = pl.col


def path(name):
    return f"{out}/{name.replace('.', '/')}"


def exists(name):
    return os.path.exists(path(name) + "/_delta_log")


def load(name):
    """Appends a source's new files to bronze; their rows."""
    folder, columns = name.split(".")[1], list(tables[name]["columns"])
    known = set()
    if exists(name):
        known = set(pl.scan_delta(path(name)).select(col("_file").unique()).collect()["_file"])
    files = sorted(f"{landing}/{folder}/{file}" for file in os.listdir(f"{landing}/{folder}"))
    files = [file for file in files if file not in known]
    schema = {column: pl.String for column in columns}
    if not files:
        return pl.DataFrame(schema=schema | {"_file": pl.String})
    scan = pl.scan_csv if files[0].endswith(".csv") else pl.scan_ndjson
    rows = scan(files, schema=schema, include_file_paths="_file").collect()
    deltalake.write_deltalake(path(name), rows, mode="append")
    return rows


def newest(name, rows):
    """The newest row of each key, of equal ones that of the last file."""
    table = tables[name]
    return (rows.sort(table["newestBy"], "_file", descending=True)
            .unique(table["key"], keep="first").select(list(table["columns"])))


def merge(name, rows):
    table = tables[name]
    if not exists(name):
        deltalake.write_deltalake(path(name), rows)
    elif rows.height:
        by = table["newestBy"]
        (deltalake.DeltaTable(path(name))
         .merge(rows, " AND ".join(f"t.{key} = s.{key}" for key in table["key"]),
                source_alias="s", target_alias="t")
         .when_matched_update_all(predicate=f"s.{by} >= t.{by}")
         .when_not_matched_insert_all()
         .execute())


def overwrite(name, rows, column, values, partition_by=None):
    """Puts rows in the place of those with some values of a date column."""
    rows = rows.select(list(tables[name]["columns"]))
    if not exists(name):
        deltalake.write_deltalake(path(name), rows, partition_by=partition_by)
    else:
        chosen = ", ".join(f"CAST('{value}' AS DATE)" for value in values)
        deltalake.write_deltalake(path(name), rows, mode="overwrite",
                                  predicate=f"{column} IN ({chosen})")
