"""Reads tables with readers that are not Podium's, as rows that compare with Podium's own."""

import datetime
import decimal
import json
import os
import sys
from urllib.parse import unquote

import pyarrow as pa


def instant(value, zoned):
    text = value.replace(tzinfo=None).isoformat("T" if zoned else " ")
    return text + ("Z" if zoned else "")


def shown(value, type_):
    """A value of an Arrow type as Podium shows it in JSON; decimals are texts."""
    if value is None:
        return None
    if pa.types.is_map(type_):
        return {str(shown(k, type_.key_type)): shown(v, type_.item_type) for k, v in value}
    if pa.types.is_struct(type_):
        return {field.name: shown(value[field.name], field.type) for field in type_}
    if pa.types.is_list(type_) or pa.types.is_large_list(type_):
        return [shown(element, type_.value_type) for element in value]
    if pa.types.is_dictionary(type_):
        return shown(value, type_.value_type)
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, float):
        if value != value:
            return "NaN"
        if value in (float("inf"), float("-inf")):
            return "Infinity" if value > 0 else "-Infinity"
        return value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime.datetime):
        if value.tzinfo is not None:
            value = value.astimezone(datetime.timezone.utc)
        return instant(value, pa.types.is_timestamp(type_) and type_.tz is not None)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def rows(table, names):
    """The rows of an Arrow table as lists, the columns by name."""
    table = pa.table(table)
    types = [table.schema.field(name).type for name in names]
    columns = [
        [shown(value, type_) for value in table.column(name).to_pylist()]
        for name, type_ in zip(names, types)
    ]
    return [list(row) for row in zip(*columns)] if columns else []


def delta_versions(path, names):
    """What the deltalake package reads, by version."""
    from deltalake import DeltaTable

    latest = DeltaTable(path).version()
    result = {}
    for version in range(latest + 1):
        table = DeltaTable(path, version=version)
        result[str(version)] = rows(table.to_pyarrow_table(), names)
    return result


def live_files(path, version):
    """The add actions of a version, from the JSON commits alone."""
    files = {}
    for number in range(version + 1):
        with open(os.path.join(path, "_delta_log", f"{number:020}.json")) as log:
            actions = [json.loads(line) for line in log]
        for action in actions:
            if "remove" in action:
                files.pop(unquote(action["remove"]["path"]), None)
        for action in actions:
            if "add" in action:
                files[unquote(action["add"]["path"])] = action["add"]
    return files


def duckdb_rows(path, version, names):
    """What DuckDB reads of the files that the log lists, the partition values put in as texts."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    found = []
    for file, add in live_files(path, version).items():
        address = os.path.join(path, file)
        assert os.path.getsize(address) == add["size"], file
        query = "SELECT * FROM read_parquet(?, hive_partitioning = false)"
        table = connection.execute(query, [address]).to_arrow_table()
        count = table.num_rows
        assert count == json.loads(add["stats"])["numRecords"], file
        for name, value in add["partitionValues"].items():
            assert name not in table.schema.names, name
            table = table.append_column(name, pa.array([value] * count, pa.string()))
        found += rows(table, names)
    return found


def print_json(value):
    json.dump(value, sys.stdout, ensure_ascii=False, allow_nan=False)
