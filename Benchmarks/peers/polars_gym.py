"""The gym's chain in Polars with Delta tables by delta-rs.

Usage: polars_gym.py TABLES.json LANDING OUT
       polars_gym.py start      imports alone

A run reads the files that bronze does not know by name, merges silver tables with `DeltaTable.merge`, and overwrites the
days, weeks and months that new rows touch. Rows go from step to step in memory: a run that fails between two
commits has to be mended by hand. The expressions read the formats that the files have.
"""

import datetime
import sys

import deltalake  # noqa: F401  start-up counts it
import polars as pl

if sys.argv[1] == "start":
    sys.exit()

from polars_classes import attendance_rates, class_attendance, class_bookings, classes
from polars_delta import load, merge, overwrite, path
from polars_retail import retail_sales, revenue_by_product

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
    .select(pl.col("class_date").unique()).collect()["class_date"])
if days:
    days = sorted(days)
    held = pl.read_delta(path("silver.classes"))
    rows = class_attendance(days, held, held["time_zone"].unique().to_list())
    overwrite("silver.class_attendance", rows, "class_date", days, ["class_date"])
    weeks = sorted({day - datetime.timedelta(day.weekday()) for day in days})
    overwrite("gold.attendance_rates", attendance_rates(weeks), "week_start", weeks)
