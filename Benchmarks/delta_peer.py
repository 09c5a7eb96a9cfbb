"""Does one piece of work with delta-rs, Sail or DuckDB, and prints its seconds as JSON.

Usage: delta_peer.py WORK PATH …    as delta_bench.py calls it
"""

import json
import sys
import time

work, path, *words = sys.argv[1:]
if work.startswith("sail"):
    from pysail.spark import SparkConnectServer
    from pyspark.sql.connect.session import SparkSession
    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    address, port = server.listening_address
    spark = SparkSession.builder.remote(f"sc://{address}:{port}").getOrCreate()
    spark.read.parquet(words[-1]).createOrReplaceTempView("source")
elif work != "copy":
    import pyarrow.parquet as pq
    from deltalake import DeltaTable, write_deltalake
answer = {"seconds": []}


def timed(what):
    began = time.perf_counter()
    result = what()
    answer["seconds"].append(time.perf_counter() - began)
    return result


if work == "merge":
    key, *sources = words
    for name in sources:
        source = pq.read_table(name)
        timed(lambda: DeltaTable(path).merge(
            source, f"s.{key} = t.{key}", source_alias="s", target_alias="t")
            .when_matched_update_all().when_not_matched_insert_all().execute())
elif work == "open":
    for _ in range(3):
        answer["files"] = timed(lambda: len(DeltaTable(path).file_uris()))
elif work == "checkpoint":
    DeltaTable(path).create_checkpoint()
elif work == "optimize":
    timed(lambda: DeltaTable(path).optimize.compact(target_size=int(words[0])))
elif work == "append":
    source = pq.read_table(words[0])
    timed(lambda: write_deltalake(path, source))
elif work == "sail-merge":
    timed(lambda: spark.sql(
        f"MERGE INTO delta.`{path}` AS t USING source AS s ON s.{words[0]} = t.{words[0]} "
        "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *").collect())
elif work == "sail-append":
    timed(lambda: spark.table("source").write.format("delta").save(path))
elif work == "copy":
    import duckdb
    c = duckdb.connect()
    c.execute("SET enable_progress_bar = false")
    c.execute(f"CREATE TEMP TABLE source AS FROM read_parquet('{words[0]}')")
    timed(lambda: c.execute(f"COPY source TO '{path}' (FORMAT parquet, COMPRESSION snappy)"))
print(json.dumps(answer))
