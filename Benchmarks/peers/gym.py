"""The tables that the peers compute as well: Podium's own queries and columns, asked of `podium describe`,
and the rules for rows as conditions in SQL, which it has no command to print.
"""

import json
import subprocess

bronze = ["bronze.retail", "bronze.schedule", "bronze.class_attendance"]
merged = ["silver.retail_sales", "silver.classes", "silver.class_bookings"]
derived = ["silver.class_attendance", "gold.revenue_by_product", "gold.attendance_rates"]
selectors = ["+gold.revenue_by_product", "+gold.attendance_rates"]

# Rules that quarantine a row, besides `nullable: false` of its columns.
rules = {
    "silver.retail_sales": [
        "quantity <> 0 AND quantity BETWEEN -10000 AND 10000",
        "unit_price BETWEEN 0 AND 100000",
        "regexp_like(sku, '^([A-Z0-9]{3}-[A-Z0-9]+)$')",
    ],
    "silver.classes": [
        "_status IN ('scheduled', 'rescheduled', 'cancelled')",
        "capacity BETWEEN 1 AND 500",
    ],
    "silver.class_bookings": [
        "status IN ('booked', 'attended', 'no-show', 'cancelled', 'waitlisted')",
        "_check_in IS NULL OR checked_in_at IS NOT NULL "
        "OR TRY_CAST(check_in_local AS TIMESTAMP) IS NOT NULL",
    ],
}


def describe(podium):
    """Each table's query, columns with types, key and order, by name."""
    tables = {}
    for name in bronze + merged + derived:
        told = json.loads(subprocess.check_output([podium, "describe", name, "--json"]))
        table = {
            "query": told["query"],
            "columns": {column["name"]: column["type"] for column in told["columns"]},
            "key": told["key"],
        }
        if name in merged:
            table["newestBy"] = told["written"].split("newest by ")[1].split(";")[0]
            required = [f"{column['name']} IS NOT NULL" for column in told["columns"]
                        if not column["nullable"]]
            table["keep"] = " AND ".join(f"({rule})" for rule in required + rules[name])
        tables[name] = table
    return tables


def dbt_macros(tables):
    """The same as macros of a dbt project, which give a table's query, columns, key and so on."""
    lines = []
    for macro, figure in (("gym_query", "query"), ("gym_columns", "columns"), ("gym_key", "key"),
                          ("gym_newest_by", "newestBy"), ("gym_keep", "keep")):
        known = {name: list(table[figure]) if figure == "columns" else table[figure]
                 for name, table in tables.items() if table.get(figure)}
        lines.append(f"{{% macro {macro}(table) %}}{{{{ return({json.dumps(known)}[table]) }}}}"
                     "{% endmacro %}\n")
    return "\n".join(lines)
