"""Texts of the sources as typed values, in Polars; what cannot be read is null."""

import polars as pl

col = pl.col


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
