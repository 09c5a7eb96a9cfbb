"""The gym's chain in PySpark with Parquet tables; there is no Delta jar beside the Python package.

Usage: spark_gym.py TABLES.json LANDING OUT
       spark_gym.py start      a session, started and stopped

A run reads the files that it does not know by name. Silver tables that are merged are partitioned by day, and only days
with new rows are written, by dynamic partition overwrite: the newest row of each key among old and new.
A file that lists the loaded files is written last, so that a run that failed is done again; bronze may then have
rows twice, silver has not. A booking must stay on its day.
"""

import datetime
import json
import os
import shutil
import sys

from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F

spark = (
    SparkSession.builder.master("local[2]").appName("gym")
    .config("spark.ui.enabled", "false")
    .config("spark.ui.showConsoleProgress", "false")
    .config("spark.driver.memory", "4g")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.sql.shuffle.partitions", "2")
    .config("spark.sql.sources.partitionOverwriteMode", "dynamic")
    .config("spark.log.level", "ERROR")
    .getOrCreate())
if sys.argv[1] == "start":
    spark.stop()
    sys.exit()

landing, out = sys.argv[2:]
with open(sys.argv[1], encoding="utf-8") as file:
    tables = json.load(file)
manifest = f"{out}/bronze/loaded.json"
loaded = json.load(open(manifest, encoding="utf-8")) if os.path.exists(manifest) else {}
days = {"silver.retail_sales": "sale_date", "silver.class_bookings": "class_date"}


def path(name):
    return f"{out}/{name.replace('.', '/')}"


def stored(name):
    """The rows that earlier runs wrote, or None."""
    return spark.read.parquet(path(name)) if os.path.exists(path(name)) else None


def load(name):
    """Appends a source's new files to bronze; their rows."""
    folder = name.split(".")[1]
    columns = list(tables[name]["columns"])
    files = sorted(set(os.listdir(f"{landing}/{folder}")) - set(loaded.get(name, [])))
    schema = ", ".join(f"{column} STRING" for column in columns)
    if not files:
        rows = spark.createDataFrame([], schema + ", _file STRING, _line BIGINT")
    else:
        paths = [f"{landing}/{folder}/{file}" for file in files]
        reader = spark.read.schema(schema)
        rows = reader.csv(paths, header=True) if files[0].endswith(".csv") else reader.json(paths)
        rows = rows.select(*columns, F.col("_metadata.file_path").alias("_file"),
                           F.lit(0).cast("bigint").alias("_line"))
        rows.write.mode("append").parquet(path(name))
        loaded[name] = loaded.get(name, []) + files
    rows.createOrReplaceTempView(name.replace(".", "__") + "__new")


def newest(rows, name, *order):
    place = F.row_number().over(Window.partitionBy(*tables[name]["key"]).orderBy(*order))
    return rows.withColumn("_place", place).where("_place = 1").drop("_place")


def merge(name):
    """Merges the new good rows into a silver table by key; the days that this touched."""
    table = tables[name]
    by = F.col(table["newestBy"]).desc()
    fresh = spark.sql(table["query"]).where(table["keep"])
    fresh = newest(fresh, name, by, F.col("_file").desc(), F.col("_line").desc())
    fresh = fresh.select(*table["columns"], F.lit(1).alias("_fresh")).cache()
    day = days.get(name)
    touched = [row[0] for row in fresh.select(day).distinct().collect()] if day else []
    old = stored(name)
    rows = fresh
    if old is not None:
        old = old.select(*table["columns"], F.lit(0).alias("_fresh"))
        if day:
            old = old.where(F.col(day).isin(touched))
        rows = newest(old.unionByName(fresh), name, by, F.col("_fresh").desc())
    rows = rows.drop("_fresh")
    if day:
        rows.repartition(2, day).write.mode("overwrite").partitionBy(day).parquet(path(name))
    else:
        replace(name, rows.coalesce(1))
    stored(name).createOrReplaceTempView(name.replace(".", "__"))
    return fresh, touched


def replace(name, rows):
    """Writes a table whole beside the old one, which it reads, and takes its place."""
    rows.write.mode("overwrite").parquet(path(name) + ".next")
    if os.path.exists(path(name)):
        os.rename(path(name), path(name) + ".old")
    os.rename(path(name) + ".next", path(name))
    shutil.rmtree(path(name) + ".old", ignore_errors=True)


def derive(name, source, condition, by=None, parts=2):
    """Computes the partitions of a table that a condition on its input chooses."""
    view = source.replace(".", "__")
    whole = stored(source)
    (whole if condition is None else whole.where(condition)).createOrReplaceTempView(view)
    rows = spark.sql(tables[name]["query"]).select(*tables[name]["columns"])
    if by:
        rows.repartition(parts, by).write.mode("overwrite").partitionBy(by).parquet(path(name))
    else:
        rows.coalesce(1).write.mode("overwrite").parquet(path(name))


def among(expression, values):
    return F.expr(expression).isin(values)


for source in ("bronze.retail", "bronze.schedule", "bronze.class_attendance"):
    load(source)

_, sale_days = merge("silver.retail_sales")
months = sorted({day.replace(day=1) for day in sale_days})
if months:
    derive("gold.revenue_by_product", "silver.retail_sales",
           among("CAST(date_trunc('month', sale_date) AS DATE)", months), "month", 1)

changed, _ = merge("silver.classes")
_, class_days = merge("silver.class_bookings")
# Bookings of classes that changed lie on other days than new bookings.
others = stored("silver.class_bookings").join(changed.select("class_id"), "class_id", "semi")
class_days = sorted({row[0] for row in others.select("class_date").distinct().collect()} | set(class_days))
if class_days:
    derive("silver.class_attendance", "silver.class_bookings",
           F.col("class_date").isin(class_days), "class_date")
    weeks = sorted({day - datetime.timedelta(day.weekday()) for day in class_days})
    derive("gold.attendance_rates", "silver.class_attendance",
           among("CAST(date_trunc('week', class_date) AS DATE)", weeks), "week_start", 1)

with open(manifest + ".next", "w", encoding="utf-8") as file:
    json.dump(loaded, file)
os.rename(manifest + ".next", manifest)
spark.stop()
