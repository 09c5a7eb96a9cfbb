"""Asks the twenty questions of docs/questions.md of a year of a gym, and tells what each read.

Each is asked of the release program, as an analyst asks: the seconds are those of the whole command.
Those whose table lies together by what they ask for are compared with the same question without its
condition, and must read at most half of it; otherwise this ends with 1.

Usage: questions_bench.py [LAKE]     a lake with all tables; one is made otherwise
Environment: PODIUM_BENCH_MEMBERS (20000), PODIUM_BENCH_DAYS (365), PODIUM_BENCH_REPEAT (3).
"""

import datetime
import os
import re
import subprocess
import sys
import tempfile
import time

from measuring import podium, quietly, repeat, root, scratch

members = int(os.environ.get("PODIUM_BENCH_MEMBERS", "20000"))
days = int(os.environ.get("PODIUM_BENCH_DAYS", "365"))
# All that gold is asked about here; heart rates, the largest source, are not.
sources = ("members,memberships,cancellations,billing,schedule,class_attendance,gym_visits,facility_usage,"
           "retail,leads,equipment_usage,class_feedback,workouts")
UNITS = {"bytes": 1, "byte": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9}


def questions():
    """Number, title and SQL of each, and whether it asks for one value of a clustered table."""
    page = (root / "docs/questions.md").read_text(encoding="utf-8")
    for section in page.split("\n### ")[1:]:
        title = section.split("\n", 1)[0]
        number, words = title.split(". ", 1)
        sql = re.search(r"```sql\n(.*?)\n```", section, re.S).group(1)
        yield int(number), words, sql, "rows together" in section.split("```sql")[0]


def size(text):
    number, unit = text.split()
    return float(number.replace(",", "")) * UNITS[unit]


def ask(lake, sql):
    """Seconds, and what was read: files, rows, bytes, and the bytes of all files."""
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as errors:
        result = subprocess.run([podium, "sql", "--lake", lake, "--format", "csv", sql], text=True,
                                stdout=subprocess.PIPE, stderr=errors)
        seconds = time.perf_counter() - began
        errors.seek(0)
        told = " ".join(errors.read().split())
    if result.returncode != 0:
        sys.exit(f"{sql}\n{told}")
    found = re.search(r"read ([\d,]+) of ([\d,]+) files?, ([\d,]+) of ([\d,]+) rows?, "
                      r"([\d.,]+ \w+) of ([\d.,]+ \w+),", told)
    if not found:
        sys.exit(f"{sql}\nno word of what was read: {told}")
    return {"seconds": seconds, "answer": result.stdout.count("\n") - 1,
            "files": found[1] + "/" + found[2], "rows": int(found[4].replace(",", "")),
            "bytes": size(found[5]), "all": size(found[6])}


def several(lake, sql):
    """The median of some runs, by seconds; the first, which fills the machine's cache, is left out."""
    ask(lake, sql)
    runs = sorted((ask(lake, sql) for _ in range(repeat)), key=lambda run: run["seconds"])
    return runs[len(runs) // 2]


def kilobytes(number):
    return f"{number / 1e3:,.0f} kB"


def measure_all(lake):
    print("  question                                          s   answer    files       rows        read  of all bytes")
    too_much, slowest = [], 0.0
    for number, title, sql, is_clustered in questions():
        run = several(lake, sql)
        slowest = max(slowest, run["seconds"])
        print(f"  {number:>2}. {title[:42]:<42} {run['seconds']:5.2f} {run['answer']:8,} {run['files']:>8} "
              f"{run['rows']:10,} {kilobytes(run['bytes']):>11}   {kilobytes(run['all']):>11}", flush=True)
        if is_clustered:
            whole = several(lake, re.sub(r"^WHERE .*\n", "", sql, flags=re.M))
            share = run["bytes"] / whole["bytes"]
            print(f"      the same without its condition reads {kilobytes(whole['bytes'])}: "
                  f"{share:.1%} of it is read here   (at most 50 %)")
            if share > 0.5:
                too_much.append(title)
    print(f"  slowest: {slowest:.2f} s   (target 2)")
    return too_much


def made(lake):
    quietly(podium, "generate", "--lake", lake, "--members", members, "--days", days,
            "--sources", sources)
    last = datetime.date(2025, 1, 1) + datetime.timedelta(days - 1)
    names = sorted({name for _, _, sql, _ in questions() for name in re.findall(r"gold\.\w+", sql)})
    quietly(podium, "run", "--lake", lake, "--as-of", last, *("+" + name for name in names))
    return lake


print(f"twenty questions to gold of {days} days of {members} members; load {os.getloadavg()[0]:.1f}; "
      f"medians of {repeat}", flush=True)
if len(sys.argv) > 1:
    failed = measure_all(sys.argv[1])
else:
    with scratch() as folder:
        failed = measure_all(made(folder))
for title in failed:
    print(f"FAILED {title} reads more than half of what it reads without its condition")
sys.exit(1 if failed else 0)
