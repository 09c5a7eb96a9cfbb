"""The gym's chain in Polars with Delta tables by delta-rs.

Usage: polars_gym.py TABLES.json LANDING OUT
       polars_gym.py start      imports alone

A run reads the files that bronze does not know by name, merges silver tables with `DeltaTable.merge`, and overwrites the
days, weeks and months that new rows touch. Rows go from step to step in memory: a run that fails between two
commits has to be mended by hand. The expressions read the formats that the files have.
"""

import datetime
import json
import os
import sys

import deltalake
import polars as pl

if sys.argv[1] == "start":
    sys.exit()

with open(sys.argv[1], encoding="utf-8") as file:
    tables = json.load(file)
landing, out = sys.argv[2:]
col = pl.col


def path(name):
    return f"{out}/{name.replace('.', '/')}"


def exists(name):
    return os.path.exists(path(name) + "/_delta_log")


# Typed values of texts

def text(name):
    stripped = col(name).str.strip_chars(" ")
    return pl.when(stripped != "").then(stripped).alias(name)


def integer(name):
    return col(name).str.extract("^ *([+-]?[0-9]+)([.]0*)? *$").cast(pl.Int64, strict=False)


def money(name):
    exact = col(name).str.extract("^ *([+-]?([0-9]+[.]?|[0-9]*[.][0-9]{1,2}0*)) *$")
    return exact.cast(pl.Decimal(18, 2), strict=False)


def instant(name):
    zoned = col(name).str.strip_chars(" ").str.replace("Z$", "+00:00")
    return zoned.str.to_datetime("%Y-%m-%dT%H:%M:%S%:z", time_unit="us", time_zone="UTC", strict=False)


def utc(local, zone, zones):
    """A local time as an instant, the first where clocks repeat it."""
    return pl.coalesce(
        pl.when(col(zone) == name).then(
            col(local).dt.replace_time_zone(name, ambiguous="earliest", non_existent="null")
            .dt.convert_time_zone("UTC"))
        for name in zones)


# Ways of writing

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


# Retail

def retail_sales(new):
    code = col("sku").str.to_uppercase().str.replace_all("[^A-Z0-9]", "")
    price, quantity = money("unit_price"), integer("quantity")
    rows = new.select(
        text("receipt_id"), integer("line").alias("line"), text("member_id"), text("location_id"),
        (code.str.slice(0, 3) + "-" + code.str.slice(3)).alias("sku"),
        col("product_name").str.strip_chars(" "),
        col("category").str.strip_chars(" ").str.to_lowercase(),
        quantity.alias("quantity"), price.alias("unit_price"),
        (quantity.cast(pl.Decimal(18, 2)) * price).cast(pl.Decimal(18, 2)).alias("amount"),
        (quantity < 0).fill_null(False).alias("is_return"),
        instant("sold_at").alias("sold_at"), "_file",
    ).with_columns(col("sold_at").dt.date().alias("sale_date"))
    required = [column for column in tables["silver.retail_sales"]["columns"] if column != "member_id"]
    rows = rows.filter(
        *(col(column).is_not_null() for column in required),
        col("quantity") != 0, col("quantity").is_between(-10000, 10000),
        col("unit_price").is_between(0, 100000), col("sku").str.contains("^[A-Z0-9]{3}-[A-Z0-9]+$"))
    return newest("silver.retail_sales", rows)


def revenue_by_product(months):
    sold, back = col("quantity") > 0, col("quantity") < 0
    total = lambda value: value.sum().cast(pl.Decimal(18, 2))
    return (
        pl.scan_delta(path("silver.retail_sales"))
        .with_columns(col("sale_date").dt.truncate("1mo").alias("month"))
        .filter(col("month").is_in(months))
        .group_by("month", "sku").agg(
            col("product_name").min(), col("category").min(),
            col("quantity").filter(sold).sum().alias("units_sold"),
            (-col("quantity")).filter(back).sum().alias("units_returned"),
            total(col("amount").filter(sold)).alias("gross_revenue"),
            total((-col("amount")).filter(back)).alias("refunds"),
            total(col("amount")).alias("net_revenue"))
        .collect())


# Classes and who attended

def classes(new, zones):
    local = lambda name: col(name).str.strip_chars(" ").str.to_datetime(
        "%Y-%m-%d %H:%M", time_unit="us", strict=False)
    rows = new.select(
        text("class_id"), text("class_name"), text("class_type").str.to_lowercase(),
        text("instructor_id"), text("location_id"), text("time_zone"),
        local("starts_at").alias("starts_at"), local("ends_at").alias("ends_at"),
        integer("capacity").alias("capacity"), col("status").str.strip_chars(" ").str.to_lowercase(),
        instant("updated_at").alias("updated_at"), "_file",
    ).with_columns(
        col("starts_at").dt.date().alias("class_date"),
        col("starts_at").dt.hour().cast(pl.Int64).alias("start_hour"),
        utc("starts_at", "time_zone", zones).alias("starts_at"),
        utc("ends_at", "time_zone", zones).alias("ends_at"))
    rows = rows.filter(
        *(col(column).is_not_null() for column in tables["silver.classes"]["columns"]),
        col("status").is_in(["scheduled", "rescheduled", "cancelled"]), col("capacity").is_between(1, 500))
    return newest("silver.classes", rows)


def class_bookings(new):
    check_in = col("_check_in")
    zoned = check_in.str.contains("(Z|[+-][0-9][0-9]:?[0-9][0-9])$")
    local = pl.coalesce(
        check_in.str.to_datetime(form, time_unit="us", strict=False)
        for form in ("%m/%d/%Y %I:%M:%S %p", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"))
    rows = new.select(
        text("attendance_id"), text("user_id").alias("member_id"), text("class_id"),
        text("instructor_id"), col("class_date").str.to_date("%Y-%m-%d", strict=False),
        instant("booked_at").alias("booked_at"), text("check_in_time").alias("_check_in"),
        col("status").str.strip_chars(" ").str.to_lowercase(),
        instant("updated_at").alias("updated_at"), "_file",
    ).with_columns(
        pl.when(zoned).then(instant("_check_in")).alias("checked_in_at"),
        pl.when(~zoned).then(local.dt.strftime("%Y-%m-%d %H:%M:%S")).alias("check_in_local"))
    required = ("attendance_id", "member_id", "class_id", "class_date", "status", "updated_at")
    rows = rows.filter(
        *(col(column).is_not_null() for column in required),
        col("status").is_in(["booked", "attended", "no-show", "cancelled", "waitlisted"]),
        check_in.is_null() | col("checked_in_at").is_not_null() | col("check_in_local").is_not_null())
    return newest("silver.class_bookings", rows)


def class_attendance(days, held, zones):
    local = col("check_in_local").str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False)
    timed = (
        pl.scan_delta(path("silver.class_bookings")).filter(col("class_date").is_in(days)).collect()
        .join(held.select("class_id", "location_id", "class_type", "time_zone",
                          class_instructor="instructor_id"), on="class_id", how="left")
        .with_columns(
            pl.coalesce("instructor_id", "class_instructor").alias("instructor_id"),
            col("class_type").fill_null("unknown"), local.alias("_local"))
        .with_columns(pl.coalesce("checked_in_at", utc("_local", "time_zone", zones)).alias("checked_in_at")))
    # Only check-ins repeat one another.
    alone, entered = timed.filter(col("checked_in_at").is_null()), timed.filter(
        col("checked_in_at").is_not_null())
    seconds = col("checked_in_at").dt.epoch("s")
    previous = seconds.shift(1).over("member_id", "class_id", "class_date")
    entered = entered.sort("checked_in_at", "attendance_id").filter(
        (previous.is_null() | (seconds - previous > 120)))
    return pl.concat([alone, entered])


def attendance_rates(weeks):
    rows = (
        pl.scan_delta(path("silver.class_attendance"))
        .filter(col("class_date") >= min(weeks),
                col("class_date") < max(weeks) + datetime.timedelta(7))
        .with_columns(col("class_date").dt.truncate("1w").alias("week_start"))
        .filter(col("week_start").is_in(weeks),
                col("status").is_in(["attended", "no-show", "cancelled"]))
        .select("class_type", "instructor_id", "location_id", "week_start", "status").collect())
    count = lambda *values: col("status").is_in(values).sum().cast(pl.Int64)
    shares = []
    for dimension, column in (("class_type", "class_type"), ("instructor", "instructor_id"),
                              ("location", "location_id")):
        shares.append(
            rows.lazy().filter(col(column).is_not_null())
            .group_by(col(column).alias("member_of"), "week_start")
            .agg(pl.len().cast(pl.Int64).alias("bookings"), count("attended").alias("attended"),
                 count("no-show").alias("no_shows"), count("cancelled").alias("cancelled"))
            .with_columns(pl.lit(dimension).alias("dimension")))
    came = col("attended") + col("no_shows")
    return pl.concat(shares).with_columns(
        pl.when(came > 0).then(col("no_shows") / came).alias("no_show_rate"),
        (col("cancelled") / col("bookings")).alias("cancellation_rate")).collect()


sales = retail_sales(load("bronze.retail"))
merge("silver.retail_sales", sales)
months = sales["sale_date"].dt.truncate("1mo").unique().sort().to_list()
if months:
    overwrite("gold.revenue_by_product", revenue_by_product(months), "month", months)

announced, booked = load("bronze.schedule"), load("bronze.class_attendance")
changed = classes(announced, announced["time_zone"].drop_nulls().unique().to_list())
merge("silver.classes", changed)
bookings = class_bookings(booked)
merge("silver.class_bookings", bookings)
# Bookings of classes that changed lie on other days than new bookings.
days = set(bookings["class_date"]) | set(
    pl.scan_delta(path("silver.class_bookings")).select("class_id", "class_date")
    .join(changed.lazy().select("class_id"), on="class_id", how="semi")
    .select(col("class_date").unique()).collect()["class_date"])
if days:
    days = sorted(days)
    held = pl.read_delta(path("silver.classes"))
    rows = class_attendance(days, held, held["time_zone"].unique().to_list())
    overwrite("silver.class_attendance", rows, "class_date", days, ["class_date"])
    weeks = sorted({day - datetime.timedelta(day.weekday()) for day in days})
    overwrite("gold.attendance_rates", attendance_rates(weeks), "week_start", weeks)
