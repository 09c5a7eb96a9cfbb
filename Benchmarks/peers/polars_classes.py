"""Classes, bookings and attendance in Polars, and the rates of weeks."""

import datetime

import polars as pl

from polars_delta import newest, path, tables
from polars_values import col, instant, integer, text, utc


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
