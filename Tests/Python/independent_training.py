"""Computes tables of training from landing files alone, with Polars and none of Podium's SQL, and
compares them row by row with the tables of a lake that Podium filled in two runs.

Usage: independent_training.py PODIUM
"""

import collections
import datetime
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
WINDOW = 56
BUCKETS = [(18, "under 18"), (25, "18-24"), (35, "25-34"), (45, "35-44"), (55, "45-54"),
           (65, "55-64"), (121, "65+")]


def run(*words):
    return subprocess.run([podium, *words], check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE).stdout


def landed(lake, source, order):
    """Records of a source, older before newer: by a field, then by file and line."""
    records = []
    for path in sorted(glob.glob(f"{lake}/landing/{source}/*.ndjson")):
        with open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                record = json.loads(line)
                records.append(((record[order], path, number), record))
    return [record for _, record in sorted(records, key=lambda item: item[0])]


def newest(records, *key):
    """The last record of each key."""
    return list({tuple(r[k] for k in key): r for r in records}.values())


def at(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None


def monday(day):
    return day - datetime.timedelta(days=day.weekday())


class Training:
    """What the sources say, cleaned."""

    def __init__(self, lake, as_of):
        self.as_of = as_of
        self.members = {r["member_id"]: r
                        for r in newest(landed(lake, "members", "sequence"), "member_id")
                        if r["op"] != "delete"}
        self.visits = newest(landed(lake, "gym_visits", "login_at"), "visit_id")
        self.uses = [u for u in newest(landed(lake, "facility_usage", "started_at"), "usage_id")
                     if 1 <= u["duration_minutes"] <= 1440]
        marks = collections.defaultdict(dict)
        for row in landed(lake, "workouts", "at"):
            marks[row["workout_id"]][row["action"]] = row
        self.workouts = []
        for workout, pair in sorted(marks.items()):
            if len(pair) == 2:
                begin, end = at(pair["start"]["at"]), at(pair["stop"]["at"])
                seconds = (end - begin).total_seconds()
                if 1 <= seconds <= 86_400:
                    start = pair["start"]
                    self.workouts.append(
                        (workout, start["member_id"], start["device_id"], begin, end, int(seconds)))
        self.lake = lake

    def rates(self):
        """Heart rates that can be, one for each device and instant."""
        files = sorted(glob.glob(f"{self.lake}/landing/heart_rate/*.ndjson"))
        frames = [pl.read_ndjson(path).with_columns(pl.lit(i).alias("file")).with_row_index("line")
                  for i, path in enumerate(files)]
        return (pl.concat(frames).filter(pl.col("bpm").is_between(25, 240))
                .sort("file", "line").unique(["device_id", "at"], keep="last", maintain_order=True)
                .with_columns(pl.col("at").str.to_datetime("%Y-%m-%dT%H:%M:%SZ")))

    def heart_rates(self):
        workouts = pl.DataFrame(
            [(w, m, d, b.replace(tzinfo=None), e.replace(tzinfo=None), *self.group(m, b.year))
             for w, m, d, b, e, _ in self.workouts],
            schema=["workout", "member", "device_id", "begin", "end", "age_bucket", "gender"],
            orient="row")
        inside = self.rates().join(workouts, on="device_id").filter(
            pl.col("at").is_between(pl.col("begin"), pl.col("end")))
        return inside.group_by(
            pl.col("begin").dt.date().dt.truncate("1mo").alias("month"), "age_bucket", "gender"
        ).agg(
            members=pl.col("member").n_unique(), workouts=pl.col("workout").n_unique(),
            recordings=pl.len(), min_bpm=pl.col("bpm").min(), avg_bpm=pl.col("bpm").mean(),
            max_bpm=pl.col("bpm").max())

    def group(self, member, year):
        profile = self.members.get(member)
        if profile is None:
            return "unknown", "unknown"
        age = year - int(profile["birth_year"]) if profile["birth_year"] else -1
        bucket = next(n for below, n in BUCKETS if age < below) if 0 <= age <= 120 else "unknown"
        told = (profile["gender"] or "").strip().lower()
        gender = {"f": "female", "female": "female", "woman": "female", "m": "male",
                  "male": "male", "man": "male", "": "unknown"}.get(told, "other")
        return bucket, gender

    def summary(self):
        visits = {}
        by_member = collections.defaultdict(list)
        for v in self.visits:
            begin, end = at(v["login_at"]), at(v["logout_at"])
            minutes = int((end - begin).total_seconds()) // 60 if end else None
            visits[v["visit_id"]] = [v["member_id"], v["visit_id"], begin.date(),
                                     v["location_id"], minutes, 0, 0]
            by_member[v["member_id"]].append((begin, end or begin + DAY, v["visit_id"]))
        for _, member, _, begin, _, seconds in self.workouts:
            inside = [(b, v) for b, e, v in by_member[member] if b <= begin <= e]
            if inside:
                last = max(b for b, _ in inside)
                visit = visits[min(v for b, v in inside if b == last)]
                visit[5] += 1
                visit[6] += seconds
        return pl.DataFrame(
            [(*v[:6], v[6] // 60) for v in visits.values()], orient="row",
            schema={"member_id": pl.String, "visit_id": pl.String, "visit_date": pl.Date,
                    "location_id": pl.String, "minutes": pl.Int64, "workouts": pl.Int64,
                    "exercise_minutes": pl.Int64})

    def facilities(self):
        rows = [(u["location_id"], u["facility"], at(u["started_at"]), u["member_id"],
                 u["duration_minutes"]) for u in self.uses]
        # The local time is what is written, whatever its offset.
        frame = pl.DataFrame(
            [(c, f, t.date(), t.hour, t.weekday(), m, n) for c, f, t, m, n in rows], orient="row",
            schema=["location_id", "facility", "usage_date", "hour", "weekday", "member", "n"])
        return frame.group_by("location_id", "facility", "usage_date", "hour", "weekday").agg(
            uses=pl.len(), members=pl.col("member").n_unique(), minutes=pl.col("n").sum())

    def staffing(self):
        people = collections.Counter()
        first = {}
        begin = self.as_of - DAY * (WINDOW - 1)
        for v in self.visits:
            login, logout = at(v["login_at"]), at(v["logout_at"])
            if not begin - DAY <= login.date() <= self.as_of:
                continue
            minutes = 60
            if logout:
                minutes = min(max(int((logout - login).total_seconds()) // 60, 1), 1440)
            # By the clock, minute by minute.
            clock = login.replace(tzinfo=None, second=0, microsecond=0)
            hours = {(clock + datetime.timedelta(minutes=m)).replace(minute=0)
                     for m in range(minutes)}
            for hour in hours:
                if begin <= hour.date() <= self.as_of:
                    people[v["location_id"], hour] += 1
                    first[v["location_id"]] = min(first.get(v["location_id"], hour), hour)
        rows = []
        for club, start in sorted(first.items()):
            days = [self.as_of - DAY * i for i in range(WINDOW) if self.as_of - DAY * i >= start.date()]
            for weekday in sorted({d.weekday() for d in days}):
                for hour in range(24):
                    counts = sorted(
                        people[club, datetime.datetime.combine(d, datetime.time(hour))]
                        for d in days if d.weekday() == weekday)
                    p90 = counts[(9 * len(counts) + 9) // 10 - 1]
                    rows.append((self.as_of, club, weekday, hour, len(counts),
                                 sum(counts) / len(counts), p90, -(-p90 // 25)))
        return pl.DataFrame(rows, orient="row", schema=[
            "as_of", "location_id", "weekday", "hour", "weeks", "mean_visits", "p90_visits", "staff"])

    def weeks(self):
        sums = {}
        for path in sorted(glob.glob(f"{self.lake}/landing/daily_activity/*.csv")):
            for row in pl.read_csv(path, infer_schema=False).to_dicts():
                sums[row["Id"], datetime.datetime.strptime(row["ActivityDate"], "%m/%d/%Y").date()] = row
        weeks = collections.defaultdict(lambda: [0, 0, 0, 0, 0])
        for (user, day), row in sorted(sums.items()):
            week = weeks[user, monday(day)]
            minutes = sum(int(row[k]) for k in (
                "VeryActiveMinutes", "FairlyActiveMinutes", "LightlyActiveMinutes"))
            for i, value in enumerate((int(row["TotalSteps"]) > 0, int(row["TotalSteps"]),
                                       round(float(row["TotalDistance"]) * 1000), minutes, int(row["Calories"]))):
                week[i] += value
        rows = []
        for (user, week), now in sorted(weeks.items()):
            before = weeks.get((user, week - 7 * DAY))
            change = [now[i] - before[i] if before else None for i in range(1, 5)]
            # Distances were added in metres.
            change[1] = change[1] / 1000 if before else None
            rows.append((user, week, *now[:2], now[2] / 1000, *now[3:], *change))
        names = ["steps", "distance_km", "active_minutes", "calories"]
        return pl.DataFrame(rows, orient="row", infer_schema_length=None, schema=[
            "user_id", "week_start", "days_worn", *names, *(n + "_change" for n in names)])


def same(ours, theirs):
    if ours is None or theirs is None:
        return ours is theirs
    if isinstance(theirs, float):
        return math.isclose(float(ours), theirs, rel_tol=1e-9, abs_tol=1e-9)
    return ours == (theirs.isoformat() if isinstance(theirs, datetime.date) else theirs)


def compare(lake, table, key, theirs, where=""):
    """None where a table has the rows of a frame; else the first difference."""
    lines = run("sql", "--lake", lake, "--format", "ndjson", f"SELECT * FROM {table}{where}")
    rows = [json.loads(line) for line in lines.splitlines()]
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
                return f"{table} {name}: {column} is {row[column]}, expected {value}"
    return None


passed, failures = 0, []
with tempfile.TemporaryDirectory(prefix="podium-training-") as lake:
    run("generate", "--lake", lake, "--members", "600", "--clubs", "2", "--days", "60",
        "--quirks", "0.03", "--heart-rate-share", "0.1", "--heart-rate-every", "20", "--sources",
        "members,gym_visits,facility_usage,daily_activity,workouts,heart_rate")
    run("run", "--lake", lake, "--as-of", "2025-03-01")
    run("generate", "--lake", lake, "--days", "10", "--continue")
    run("run", "--lake", lake, "--as-of", "2025-03-11")
    training = Training(lake, datetime.date(2025, 3, 11))
    for table, key, theirs, where in (
            ("gold.workout_heart_rate", ["month", "age_bucket", "gender"],
             training.heart_rates(), ""),
            ("gold.gym_summary", ["visit_id"], training.summary(), ""),
            ("gold.facility_usage_by_hour", ["location_id", "facility", "usage_date", "hour"],
             training.facilities(), ""),
            ("gold.staffing", ["location_id", "weekday", "hour"], training.staffing(),
             " WHERE as_of = DATE '2025-03-11'"),
            ("gold.weekly_trends", ["user_id", "week_start"], training.weeks(), "")):
        problem = compare(lake, table, key, theirs, where)
        if problem:
            failures.append(problem)
        else:
            passed += 1

for failure in failures:
    print("FAILED", failure)
print(f"{passed} tables agree, {len(failures)} do not")
sys.exit(1 if failures else 0)
