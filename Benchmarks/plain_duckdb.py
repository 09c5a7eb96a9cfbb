"""The gym's pipeline as a plain DuckDB script: the same files and the same queries into plain
Parquet files, without a log, rules, quarantine or progress. It is the peer of `podium run`.

Usage: plain_duckdb.py PODIUM LAKE AS_OF OUT
"""

import json
import os
import pathlib
import subprocess
import sys
import time

import duckdb

podium, lake, as_of, out = sys.argv[1:5]
PATTERNS = {"yyyy-MM-dd": "%Y-%m-%d", "yyyy-MM": "%Y-%m", "yyyyMMdd": "%Y%m%d", "yyyy": "%Y", "MM": "%m", "dd": "%d",
            "HH:mm": "%H:%M", "HH": "%H"}
formatted = " ".join(f"WHEN '{spark}' THEN strftime(CAST(d AS TIMESTAMP), '{duckdb}')"
                     for spark, duckdb in PATTERNS.items())
# Spark's functions that the queries use.
macros = f"""
CREATE MACRO to_date(s) AS TRY_CAST(s AS DATE);
CREATE MACRO try_to_timestamp(s) AS TRY_CAST(s AS TIMESTAMPTZ);
CREATE MACRO date_format(d, f) AS CASE f {formatted} END;
CREATE MACRO regexp_like(s, p) AS regexp_matches(s, p);
CREATE MACRO regexp_replace(s, p, r) AS system.main.regexp_replace(s, p, r, 'g');
CREATE MACRO datediff(a, b) AS CAST(CAST(a AS DATE) - CAST(b AS DATE) AS INTEGER);
CREATE MACRO add_months(d, n) AS CAST(CAST(d AS DATE) + to_months(CAST(n AS INTEGER)) AS DATE);
CREATE MACRO get_json_object(j, p) AS json_extract_string(CASE WHEN json_valid(j) THEN j END, p);
CREATE MACRO sha2(s, n) AS sha256(s);
CREATE MACRO unix_timestamp(t) AS CAST(floor(epoch(t)) AS BIGINT);
CREATE MACRO dayofweek(d) AS CAST(system.main.dayofweek(CAST(d AS DATE)) + 1 AS INTEGER);
CREATE MACRO try_divide(a, b) AS a / nullif(b, 0);
CREATE MACRO from_utc_timestamp(t, z) AS CAST(t AS TIMESTAMPTZ) AT TIME ZONE z;
CREATE MACRO to_utc_timestamp(t, z) AS CAST(t AS TIMESTAMP) AT TIME ZONE z;
CREATE MACRO initcap(s) AS s;
"""


def command(*words):
    return json.loads(subprocess.check_output([podium, *words, "--lake", lake, "--json"]))


def read(table):
    """A query over a table's landing files, all columns text."""
    folder = f"{lake}/landing/{table['table'].split('.')[1]}"
    names = [column["name"] for column in table["columns"]]
    if not os.path.isdir(folder):
        values = ", ".join(f"CAST(NULL AS VARCHAR) AS {n}" for n in names)
        return f"SELECT {values}, '' AS _file, 0 AS _line WHERE false"
    if any(f.suffix == ".csv" for f in pathlib.Path(folder).iterdir()):
        types = "{" + ", ".join(f"'{n}': 'VARCHAR'" for n in names) + "}"
        source = f"read_csv('{folder}/*.csv', header = true, columns = {types}, filename = true)"
    else:
        types = "{" + ", ".join(f"{n}: 'VARCHAR'" for n in names) + "}"
        source = f"read_json('{folder}/*', format = 'newline_delimited', columns = {types}, filename = true)"
    return f"SELECT *, filename AS _file, 0 AS _line FROM {source}"


tables = [command("describe", t["table"]) for t in command("tables")["tables"]
          if t["table"].split(".")[0] in ("bronze", "silver", "gold")]
seconds = {}
start = time.perf_counter()
connection = duckdb.connect()
connection.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = false;" + macros)
done, waiting = set(), list(tables)
while waiting:
    table = next(t for t in waiting if all(need in done for need in t["needs"]))
    waiting.remove(table)
    name = table["table"]
    began = time.perf_counter()
    if table["query"] is None:
        query = read(table)
    else:
        query = table["query"]
        if " new " in f" {table['written']} " or "one row a key" in table["written"]:
            key = ", ".join(table["key"])
            newest = table["written"].split("newest by ")[1].split(";")[0]
            query = (f"SELECT * EXCLUDE (rn) FROM (SELECT *, row_number() OVER (PARTITION BY {key} "
                     f"ORDER BY {newest} DESC, _file DESC, _line DESC) AS rn FROM ({query})) WHERE rn = 1")
    path = f"{out}/{name}.parquet"
    os.makedirs(out, exist_ok=True)
    connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    alias = name.replace(".", "__")
    connection.execute(f"CREATE VIEW {alias} AS FROM '{path}'; CREATE VIEW {alias}__new AS FROM '{path}'")
    done.add(name)
    seconds[name] = round(time.perf_counter() - began, 3)
print(json.dumps({"seconds": round(time.perf_counter() - start, 3), "tables": seconds}))
