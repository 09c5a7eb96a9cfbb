"""Readers and writers of Delta tables that are not Podium's, asked by lines of JSON.

A request is an object with "do", the name of a function here, and its arguments; the answer is an
object with "result", or with "error", a text. The end of the input ends the program, and with it the
Sail server, which listens on 127.0.0.1 alone, at a port that was free.
"""

import datetime
import decimal
import glob
import importlib.util
import json
import os
import re
import shutil
import sys
import tempfile
import warnings

import pyarrow as pa

from readers import rows

warnings.filterwarnings("ignore")


class Once:
    """Something that is made when it is first asked for."""

    def __init__(self, make):
        self.make = make
        self.made = None

    def __call__(self):
        if self.made is None:
            self.made = self.make()
        return self.made


@Once
def duckdb():
    import duckdb

    folder = importlib.util.find_spec("duckdb_extension_delta").submodule_search_locations[0]
    extension = glob.glob(folder + "/extensions/*/delta.duckdb_extension")[0]
    connection = duckdb.connect()
    connection.execute(f"SET TimeZone = 'UTC'; LOAD '{extension}'")
    return connection


@Once
def sail():
    # A busy machine may let minutes pass between two requests.
    os.environ["SAIL_SPARK__SESSION_TIMEOUT_SECS"] = "86400"
    from pysail.spark import SparkConnectServer
    from pyspark.sql.connect.session import SparkSession

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    address, port = server.listening_address
    session = SparkSession.builder.remote(f"sc://{address}:{port}").getOrCreate()
    session.conf.set("spark.sql.session.timeZone", "UTC")
    return server, session


def spark():
    return sail()[1]


# Readers: a table's rows at a version, or at the newest one, as Arrow.


def read_deltalake(path, version):
    from deltalake import DeltaTable

    return DeltaTable(path, version=version).to_pyarrow_table()


def read_deltalake_query(path, version):
    from deltalake import DeltaTable, QueryBuilder

    query = QueryBuilder().register("t", DeltaTable(path, version=version))
    return pa.table(query.execute("SELECT * FROM t"))


def read_duckdb(path, version):
    at = "" if version is None else f", version = {version}"
    return duckdb().execute(f"SELECT * FROM delta_scan('{path}'{at})").to_arrow_table()


def read_sail(path, version):
    reader = spark().read.format("delta")
    if version is not None:
        reader = reader.option("versionAsOf", version)
    return reader.load(path).toArrow()


def read(reader, path, names, version=None):
    return rows(globals()["read_" + reader](path, version), names)


def versions(reader, path, names):
    """What a reader makes of each version: its rows, or the text of its error."""
    found = []
    for version, own in enumerate(names):
        try:
            found.append(read(reader, path, own, version))
        except Exception as error:
            found.append(words(error))
    return found


def versions_as_newest(reader, path, names):
    """The same of copies of the table as it was at each version."""
    found = []
    for version, own in enumerate(names):
        with as_of(path, version) as copy:
            try:
                found.append(read(reader, copy, own))
            except Exception as error:
                found.append(words(error))
    return found


def as_of(path, version):
    """A copy of a table whose log ends with a version."""
    folder = tempfile.TemporaryDirectory(prefix="podium-outside-", dir=os.path.dirname(path))
    log = folder.name + "/_delta_log"
    checkpoint = None
    os.mkdir(log)
    for name in sorted(os.listdir(path)):
        if name != "_delta_log":
            place = shutil.copytree if os.path.isdir(f"{path}/{name}") else shutil.copy
            place(f"{path}/{name}", f"{folder.name}/{name}")
    for name in sorted(os.listdir(path + "/_delta_log")):
        number = re.match("[0-9]{20}", name)
        if number and int(number[0]) <= version:
            shutil.copy(f"{path}/_delta_log/{name}", f"{log}/{name}")
            if ".checkpoint." in name:
                checkpoint = int(number[0])
    if checkpoint is not None:
        with open(log + "/_last_checkpoint", "w") as hint:
            json.dump({"version": checkpoint, "size": 1}, hint)
    return folder


def changes(path, names, first=0):
    """The change feed from a version on, each row with its version and what happened to it."""
    from deltalake import DeltaTable

    feed = pa.table(DeltaTable(path).load_cdf(starting_version=first))
    return rows(feed, ["_commit_version", "_change_type"] + names)


# Writers. Rows come as JSON, in the order of the columns of `schema`.


def schema():
    return pa.schema([
        ("id", pa.int64()), ("p", pa.string()), ("v", pa.string()), ("d", pa.decimal128(12, 2)),
        ("t", pa.timestamp("us", "UTC")),
    ])


def arrow(values):
    def typed(value, type_):
        if value is None or not (pa.types.is_decimal(type_) or pa.types.is_timestamp(type_)):
            return value
        if pa.types.is_decimal(type_):
            return decimal.Decimal(value)
        return datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))

    columns = [
        pa.array([typed(row[index], field.type) for row in values], field.type)
        for index, field in enumerate(schema())
    ]
    return pa.table(columns, schema=schema())


def write_deltalake(path, kind, values=None, where=None, set=None):
    from deltalake import DeltaTable, write_deltalake as write

    if kind == "create":
        write(path, arrow(values), partition_by=["p"])
    elif kind == "append":
        write(path, arrow(values), mode="append")
    elif kind == "overwrite":
        write(path, arrow(values), mode="overwrite", predicate=where)
    elif kind == "delete":
        DeltaTable(path).delete(where)
    elif kind == "update":
        DeltaTable(path).update(updates={"v": set}, predicate=where)
    elif kind == "merge":
        merger = DeltaTable(path).merge(
            arrow(values), predicate="s.id = t.id", source_alias="s", target_alias="t")
        merger.when_matched_update_all().when_not_matched_insert_all().execute()
    elif kind == "optimize":
        DeltaTable(path).optimize.compact()
    elif kind == "checkpoint":
        DeltaTable(path).create_checkpoint()


def write_sail(path, kind, values=None, where=None, set=None):
    if values is not None:
        frame = spark().createDataFrame(arrow(values))
    if kind == "create":
        frame.write.format("delta").partitionBy("p").save(path)
    elif kind == "append":
        frame.write.format("delta").mode("append").save(path)
    elif kind == "overwrite":
        frame.write.format("delta").mode("overwrite").option("replaceWhere", where).save(path)
    elif kind == "delete":
        spark().sql(f"DELETE FROM delta.`{path}` WHERE {where}").collect()
    elif kind == "update":
        spark().sql(f"UPDATE delta.`{path}` SET v = {set} WHERE {where}").collect()
    elif kind == "merge":
        frame.createOrReplaceTempView("given")
        spark().sql(
            f"MERGE INTO delta.`{path}` AS t USING given AS s ON s.id = t.id "
            "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *").collect()


def write(writer, path, **change):
    globals()["write_" + writer](path, **change)


# Changes of any table. New rows are rows that it has, some of their columns changed.


def some_rows(path, where, set):
    """The rows that a condition chooses, with the columns that `set` names computed by its SQL."""
    from deltalake import DeltaTable, QueryBuilder

    table = DeltaTable(path)
    fields = pa.schema(table.schema().to_arrow())
    columns = ", ".join(
        f'{(set or {}).get(name, chr(34) + name + chr(34))} AS "{name}"' for name in fields.names)
    query = QueryBuilder().register("t", table)
    found = pa.table(query.execute(f"SELECT {columns} FROM t WHERE {where}"))
    return found.cast(fields)


def change_deltalake(path, kind, where, set, keys):
    from deltalake import DeltaTable, write_deltalake as write

    table = DeltaTable(path)
    if kind == "append":
        write(path, some_rows(path, where, set), mode="append")
    elif kind == "overwrite":
        write(path, some_rows(path, where, set), mode="overwrite")
    elif kind == "delete":
        table.delete(where)
    elif kind == "update":
        table.update(updates=set, predicate=where)
    elif kind == "merge":
        merger = table.merge(
            some_rows(path, where, set), source_alias="s", target_alias="t",
            predicate=" AND ".join(f's."{key}" = t."{key}"' for key in keys))
        merger.when_matched_update_all().when_not_matched_insert_all().execute()
    elif kind == "optimize":
        table.optimize.compact()
    elif kind == "vacuum":
        table.vacuum(retention_hours=0, dry_run=False, enforce_retention_duration=False, full=True)
    elif kind == "restore":
        table.restore(table.version() - 1)


def change_sail(path, kind, where, set, keys):
    if kind in ("append", "overwrite"):
        frame = spark().createDataFrame(some_rows(path, where, set))
        frame.write.format("delta").mode(kind).save(path)
    elif kind == "delete":
        spark().sql(f"DELETE FROM delta.`{path}` WHERE {where}").collect()
    elif kind == "update":
        values = ", ".join(f"{name} = {value}" for name, value in set.items())
        spark().sql(f"UPDATE delta.`{path}` SET {values} WHERE {where}").collect()
    elif kind == "merge":
        spark().createDataFrame(some_rows(path, where, set)).createOrReplaceTempView("given")
        on = " AND ".join(f"s.{key} = t.{key}" for key in keys)
        spark().sql(
            f"MERGE INTO delta.`{path}` AS t USING given AS s ON {on} "
            "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *").collect()


def change(writer, path, kind, where=None, set=None, keys=()):
    globals()["change_" + writer](path, kind, where, set, keys)


def words(error):
    # Without colours.
    return re.sub("\x1b\\[[0-9;]*m", "", f"{type(error).__name__}: {error}")


def main():
    # What the libraries print is no answer.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"result": globals()[request.pop("do")](**request)}
        except Exception as error:
            answer = {"error": words(error)}
        json.dump(answer, answers, ensure_ascii=False, allow_nan=False)
        answers.write("\n")
        answers.flush()
    # Libraries that leave threads behind may abort the process at its ordinary end.
    os._exit(0)


if __name__ == "__main__":
    main()
