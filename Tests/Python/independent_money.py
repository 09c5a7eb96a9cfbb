"""Computes figures about money from landing files alone, with Polars and none of Podium's SQL, and
compares them row by row with the tables of a lake that Podium filled in two runs.

Usage: independent_money.py PODIUM
"""

import calendar
import collections
import datetime
import decimal
import glob
import json
import math
import os
import subprocess
import sys
import tempfile

import polars as pl

podium = os.path.abspath(sys.argv[1])
DAY = datetime.timedelta(days=1)
GRACE = 30
LEAST_BASKETS = 5


def run(*words):
    return subprocess.run([podium, *words], check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE).stdout


def landed(lake, source, order):
    """Records of a source, older before newer: by a field, then by file and line."""
    records = []
    for path in sorted(glob.glob(f"{lake}/landing/{source}/*.ndjson")):
        with open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                record = json.loads(line, parse_float=decimal.Decimal)
                records.append(((record[order], path, number), record))
    return [record for _, record in sorted(records, key=lambda item: item[0])]


def newest(records, *key):
    """The last record of each key."""
    return list({tuple(r[k] for k in key): r for r in records}.values())


def cents(amount):
    return int(decimal.Decimal(amount) * 100)


def day(text):
    return datetime.date.fromisoformat(text[:10]) if text else None


def month(date):
    return date.replace(day=1)


def half_up(numerator, denominator):
    return (2 * numerator + denominator) // (2 * denominator)


def frame(rows, **types):
    return pl.DataFrame(rows, schema=types, orient="row")


class Money:
    """What the sources say, cleaned."""

    def __init__(self, lake, as_of):
        self.as_of = as_of
        self.billing = newest(landed(lake, "billing", "billed_at"), "transaction_id")
        self.retail = newest(landed(lake, "retail", "sold_at"), "receipt_id", "line")
        states = landed(lake, "memberships", "updated_at")
        self.states = collections.defaultdict(list)
        for state in states:
            self.states[state["membership_id"]].append(state)
        self.memberships = newest(states, "membership_id")
        known = {m["membership_id"] for m in self.memberships}
        self.cancellations = [
            c for c in newest(landed(lake, "cancellations", "requested_at"), "cancellation_id")
            if c["membership_id"] in known]
        profiles = newest(landed(lake, "members", "sequence"), "member_id")
        self.clubs = {p["member_id"]: p["home_club"] for p in profiles if p["op"] != "delete"}
        self.paid = frame(
            [(b["transaction_id"], b["member_id"], day(b["billed_at"]), b["type"] == "charge",
              cents(b["amount"])) for b in self.billing if b["status"] == "paid"],
            id=pl.String, member_id=pl.String, day=pl.Date, is_charge=pl.Boolean, cents=pl.Int64)
        self.lines = frame(
            [(r["receipt_id"], r["member_id"], r["location_id"], self.sku(r["sku"]),
              r["product_name"].strip(), r["category"].strip().lower(), r["quantity"],
              r["quantity"] * cents(r["unit_price"]), day(r["sold_at"])) for r in self.retail],
            receipt=pl.String, member_id=pl.String, location_id=pl.String, sku=pl.String,
            product_name=pl.String, category=pl.String, quantity=pl.Int64, cents=pl.Int64,
            day=pl.Date)

    @staticmethod
    def sku(text):
        letters = "".join(c for c in text.upper() if c.isalnum())
        return letters[:3] + "-" + letters[3:]


def customer_ltv(money):
    billed = money.paid.select(
        "member_id", "day", pl.when("is_charge").then("b" + pl.col("id")).alias("payment"),
        pl.when("is_charge").then("cents").otherwise(-pl.col("cents")).alias("membership"),
        pl.lit(0, dtype=pl.Int64).alias("retail"))
    bought = money.lines.filter(pl.col("member_id").is_not_null()).select(
        "member_id", "day", ("r" + pl.col("receipt")).alias("payment"),
        pl.lit(0, dtype=pl.Int64).alias("membership"), pl.col("cents").alias("retail"))
    paying = pl.col("payment").is_not_null()
    return pl.concat([billed, bought]).group_by("member_id").agg(
        first_payment=pl.col("day").min(), last_payment=pl.col("day").max(),
        payments=pl.col("payment").drop_nulls().n_unique(),
        months_active=pl.col("day").filter(paying).dt.truncate("1mo").n_unique(),
        membership_revenue=pl.col("membership").sum(), retail_revenue=pl.col("retail").sum(),
        lifetime_value=(pl.col("membership") + pl.col("retail")).sum())


def revenue_by_product(money):
    sold, back = pl.col("quantity") > 0, pl.col("quantity") < 0
    return money.lines.group_by(pl.col("day").dt.truncate("1mo").alias("month"), "sku").agg(
        product_name=pl.col("product_name").min(), category=pl.col("category").min(),
        units_sold=pl.col("quantity").filter(sold).sum(),
        units_returned=-pl.col("quantity").filter(back).sum(),
        gross_revenue=pl.col("cents").filter(sold).sum(),
        refunds=-pl.col("cents").filter(back).sum(), net_revenue=pl.col("cents").sum())


def revenue_by_location(money):
    clubs = frame(list(money.clubs.items()), member_id=pl.String, location_id=pl.String)
    billed = money.paid.join(clubs, on="member_id", how="left").select(
        "day", pl.col("location_id").fill_null("unknown"), "cents",
        pl.when("is_charge").then(pl.lit("charge")).otherwise(pl.lit("refund")).alias("kind"))
    sold = money.lines.select(
        "day", "location_id", pl.col("cents").abs(),
        pl.when(pl.col("quantity") > 0).then(pl.lit("sale")).otherwise(pl.lit("back")).alias("kind"))

    def sums(kind):
        return pl.col("cents").filter(pl.col("kind") == kind).sum()

    return pl.concat([billed, sold]).group_by(
        pl.col("day").dt.truncate("1mo").alias("month"), "location_id").agg(
        membership_revenue=sums("charge"), membership_refunds=sums("refund"),
        retail_revenue=sums("sale"), retail_returns=sums("back"),
        net_revenue=sums("charge") - sums("refund") + sums("sale") - sums("back"))


def payment_failures(money):
    charges = {b["transaction_id"]: b for b in money.billing if b["type"] == "charge"}

    def first(charge):
        while charge["retry_of"] in charges:
            charge = charges[charge["retry_of"]]
        return charge["transaction_id"]

    attempts = collections.defaultdict(list)
    for charge in charges.values():
        attempts[first(charge)].append(charge)
    rows = []
    for origin, tries in attempts.items():
        charge = charges[origin]
        is_paid = any(t["status"] == "paid" for t in tries)
        rows.append((month(day(charge["billed_at"])), charge["method"], charge["status"], is_paid,
                     len(tries) - 1, cents(charge["amount"])))
    table = frame(rows, month=pl.Date, method=pl.String, status=pl.String, is_paid=pl.Boolean,
                  retries=pl.Int64, cents=pl.Int64)
    bad, paid = pl.col("status") != "paid", pl.col("is_paid")
    return table.group_by("month", "method").agg(
        charges=pl.len(), failed=(pl.col("status") == "failed").sum(),
        pending=(pl.col("status") == "pending").sum(), recovered=(bad & paid).sum(),
        never_recovered=(bad & ~paid).sum(), retries=pl.col("retries").sum(),
        charged_amount=pl.col("cents").sum(), failed_amount=pl.col("cents").filter(bad).sum(),
        recovered_amount=pl.col("cents").filter(bad & paid).sum(),
        unpaid_amount=pl.col("cents").filter(bad & ~paid).sum(),
        failure_rate=(pl.col("status") == "failed").mean(),
        recovery_rate=paid.filter(bad).mean())


def product_affinity(money):
    baskets = [set(group) for group in money.lines.filter(pl.col("quantity") > 0).group_by(
        "receipt", "day").agg("sku")["sku"]]
    single = collections.Counter(sku for basket in baskets for sku in basket)
    pairs = collections.Counter(
        (a, b) for basket in baskets for a in basket for b in basket if a < b)
    rows = []
    for (a, b), both in pairs.items():
        if both >= LEAST_BASKETS:
            rows.append((a, b, both, single[a], single[b], len(baskets), both / len(baskets),
                         both / single[a], both / single[b],
                         both * len(baskets) / (single[a] * single[b])))
    return pl.DataFrame(rows, orient="row", schema=[
        "sku_a", "sku_b", "baskets", "baskets_a", "baskets_b", "all_baskets", "support",
        "confidence_a_to_b", "confidence_b_to_a", "lift"])


def cancellation_reasons(money):
    table = frame(
        [(month(day(c["requested_at"])), c["reason"], c["tenure_days"], c["visits_30d"],
          c["visits_90d"]) for c in money.cancellations],
        month=pl.Date, reason=pl.String, tenure=pl.Int64, near=pl.Int64, far=pl.Int64)
    return table.group_by("month", "reason").agg(
        requests=pl.len(), mean_tenure_days=pl.col("tenure").mean(),
        mean_visits_30d=pl.col("near").mean(), mean_visits_90d=pl.col("far").mean()
    ).with_columns(share=pl.col("requests") / pl.col("requests").sum().over("month"))


class Recurring:
    """Monthly recurring revenue, member by member and month by month."""

    def __init__(self, money):
        self.money = money
        self.by_member = collections.defaultdict(list)
        for m in money.memberships:
            begin = day(m["start_date"])
            end = day(m["end_date"]) or datetime.date.max
            self.by_member[m["member_id"]].append((begin, m["membership_id"], max(begin, end)))
        self.stays = {member: self.runs(sorted(ms)) for member, ms in self.by_member.items()}

    @staticmethod
    def runs(memberships):
        stays = []
        for begin, _, end in memberships:
            if stays and (stays[-1][1] == datetime.date.max
                          or begin <= stays[-1][1] + GRACE * DAY):
                stays[-1][1] = max(stays[-1][1], end)
            else:
                stays.append([begin, end])
        return stays

    def state(self, membership, on):
        """The state at the end of a day, UTC; the first one before all."""
        states = self.money.states[membership]
        return ([s for s in states if day(s["updated_at"]) <= on] or states[:1])[-1]

    def price(self, member, on):
        """None for nobody's, else cents by the month and what is running: active, frozen or gap."""
        if not any(a <= on < b for a, b in self.stays[member]):
            return None
        running = []
        for begin, membership, end in self.by_member[member]:
            if begin <= on <= end:
                state = self.state(membership, on)
                running.append((state["status"] == "frozen", begin, membership, state))
        if not running:
            return 0, "gap"
        is_frozen, _, _, state = min(running, key=lambda r: r[:3])
        cycle = {"monthly": 1, "quarterly": 3, "annual": 12}[state["billing_cycle"]]
        return (0, "frozen") if is_frozen else (half_up(cents(state["price"]), cycle), "active")

    def table(self):
        first = month(min(s[0][0] for s in self.stays.values()))
        before = {}
        rows = []
        while first <= self.money.as_of:
            last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
            on = min(last, self.money.as_of)
            now = {m: p for m in self.stays if (p := self.price(m, on)) is not None}
            row = collections.Counter()
            for member in before.keys() | now.keys():
                old = before[member][0] if member in before else 0
                new = now[member][0] if member in now else 0
                row["mrr_opening"] += old
                row["mrr"] += new
                kind = ("mrr_new" if member not in before else
                        "mrr_churned" if member not in now else
                        "mrr_expansion" if new > old else "mrr_contraction")
                row[kind] += abs(new - old)
            row["active_memberships"] = sum(p[1] == "active" for p in now.values())
            row["frozen_memberships"] = sum(p[1] == "frozen" for p in now.values())
            row["members_opening"], row["members"] = len(before), len(now)
            for stays in self.stays.values():
                for index, (begin, end) in enumerate(stays):
                    row["joins"] += index == 0 and first <= begin <= on
                    row["returns"] += index > 0 and first <= begin <= on
                    row["leaves"] += first <= end <= on
            row["net"] = row["joins"] + row["returns"] - row["leaves"]
            rows.append({"as_of": self.money.as_of, "month": first, "measured_on": on, **{
                name: row[name] for name in (
                    "mrr_opening", "mrr_new", "mrr_expansion", "mrr_contraction", "mrr_churned",
                    "mrr", "active_memberships", "frozen_memberships", "members_opening", "joins",
                    "returns", "leaves", "members", "net")}})
            before, first = now, last + DAY
        return pl.DataFrame(rows)


def same(ours, theirs):
    if ours is None or theirs is None:
        return ours is theirs
    if isinstance(ours, decimal.Decimal) and isinstance(theirs, int):
        return ours * 100 == theirs
    if isinstance(theirs, float):
        return math.isclose(float(ours), theirs, rel_tol=1e-9, abs_tol=1e-9)
    return ours == (theirs.isoformat() if isinstance(theirs, datetime.date) else theirs)


def compare(lake, table, key, theirs, where=""):
    """None where a table has the rows of a frame; else the first difference."""
    lines = run("sql", "--lake", lake, "--format", "ndjson", f"SELECT * FROM {table}{where}")
    rows = [json.loads(line, parse_float=decimal.Decimal) for line in lines.splitlines()]
    if not rows or len(rows) != theirs.height:
        return f"{table} has {len(rows)} rows, expected {theirs.height}"
    if set(rows[0]) != set(theirs.columns):
        return f"{table} has other columns: {sorted(set(rows[0]) ^ set(theirs.columns))}"
    expected = {tuple(str(row[k]) for k in key): row for row in theirs.to_dicts()}
    for row in rows:
        name = tuple(str(row[k]) for k in key)
        if name not in expected:
            return f"{table} has a row {name} too many"
        for column, value in expected[name].items():
            if not same(row[column], value):
                wanted = (decimal.Decimal(value) / 100
                          if isinstance(row[column], decimal.Decimal) and isinstance(value, int)
                          else value)
                return f"{table} {name}: {column} is {row[column]}, expected {wanted}"
    return None


passed, failures = 0, []
with tempfile.TemporaryDirectory(prefix="podium-money-") as lake:
    run("generate", "--lake", lake, "--members", "600", "--clubs", "3", "--days", "70",
        "--quirks", "0.05", "--sources", "members,memberships,cancellations,billing,retail")
    run("run", "--lake", lake, "--as-of", "2025-03-11")
    run("generate", "--lake", lake, "--days", "15", "--continue")
    run("run", "--lake", lake, "--as-of", "2025-03-26")
    money = Money(lake, datetime.date(2025, 3, 26))
    for table, key, theirs, where in (
            ("gold.customer_ltv", ["member_id"], customer_ltv(money), ""),
            ("gold.revenue_by_product", ["month", "sku"], revenue_by_product(money), ""),
            ("gold.revenue_by_location", ["month", "location_id"], revenue_by_location(money), ""),
            ("gold.mrr", ["month"], Recurring(money).table(), " WHERE as_of = DATE '2025-03-26'"),
            ("gold.payment_failures", ["month", "method"], payment_failures(money), ""),
            ("gold.product_affinity", ["sku_a", "sku_b"], product_affinity(money), ""),
            ("gold.cancellation_reasons", ["month", "reason"], cancellation_reasons(money), "")):
        problem = compare(lake, table, key, theirs, where)
        if problem:
            failures.append(problem)
        else:
            passed += 1

for failure in failures:
    print("FAILED", failure)
print(f"{passed} tables agree, {len(failures)} do not")
sys.exit(1 if failures else 0)
