"""Retail in Polars: lines of receipts, and what each article brought in by month."""

import polars as pl

from polars_delta import newest, path, tables
from polars_values import col, instant, integer, money, text


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
