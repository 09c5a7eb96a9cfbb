"""What Podium adds to a server's own work: a full refresh, against the same statements by a plain client.

Usage: cluster_bench.py PODIUM [--members 5000] [--days 365] [--repeat 3]

A gym is made and taken into bronze. Sail then computes all silver and gold tables of a copy of it through Podium, which
tells each statement (`--verbose`); and the same client library, without Podium, has the same server make the same views
and write the same rows once more. The ratio of both times is what Podium adds, reading, judging, writing and
committing included. Medians of several turns; the peak memory of Podium beside them.
"""

import argparse
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "Tests" / "Python"))
import clusters  # noqa: E402


def podium(program, *words):
    """Runs the program; what it says on standard error, its seconds and its peak memory in bytes."""
    start = time.monotonic()
    process = subprocess.Popen([program, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(words)} failed:\n{said[-3000:]}")
    return said, time.monotonic() - start, usage.ru_maxrss * 1024


def statements(said):
    """The statements that the program told: views, and rows that were written."""
    told = re.findall(r"^server: [0-9.]+ s\n(.*?);\n(?=\S)", said, re.DOTALL | re.MULTILINE)
    return [text for text in told if text.startswith(("CREATE OR REPLACE TEMPORARY VIEW", "INSERT OVERWRITE"))]


def replay(server, told, folder):
    """Has the server do the same without Podium; seconds."""
    import adbc_driver_spark.dbapi as spark

    with spark.connect(server.address) as connection, connection.cursor() as cursor:
        start = time.monotonic()
        for number, text in enumerate(told):
            cursor.execute(re.sub(r"^INSERT OVERWRITE DIRECTORY '[^']*'",
                                  f"INSERT OVERWRITE DIRECTORY '{folder}/{number}'", text))
            cursor.fetchall()
        return time.monotonic() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("podium")
    parser.add_argument("--members", type=int, default=5_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--repeat", type=int, default=3)
    asked = parser.parse_args()
    program = os.path.abspath(asked.podium)
    with tempfile.TemporaryDirectory(prefix="podium-cluster-bench-") as folder, clusters.Sail() as server:
        lake, copy, out = (os.path.join(folder, name) for name in ("lake", "copy", "out"))
        podium(program, "generate", "--lake", lake, "--members", str(asked.members), "--days", str(asked.days))
        podium(program, "run", "bronze", "--lake", lake, "--as-of", "2025-12-31")
        for source in pathlib.Path(lake, "landing").iterdir():
            shutil.rmtree(source)
        ratios, peaks, times = [], [], []
        for turn in range(asked.repeat):
            shutil.rmtree(copy, ignore_errors=True)
            shutil.rmtree(out, ignore_errors=True)
            shutil.copytree(lake, copy)
            os.mkdir(out)
            said, seconds, peak = podium(
                program, "run", "silver", "gold", "--lake", copy, "--as-of", "2025-12-31", "--jobs", "1",
                "--engine", server.address, "--verbose")
            told = statements(said)
            bare = replay(server, told, out)
            ratios.append(seconds / bare)
            peaks.append(peak)
            times.append((seconds, bare))
            print(f"turn {turn + 1}: Podium {seconds:.1f} s, bare {bare:.1f} s ({len(told)} statements), "
                  f"{seconds / bare:.2f} x, {peak / 1e6:.0f} MB", flush=True)
        print(f"median {statistics.median(ratios):.2f} x (aim 1.3), peak {max(peaks) / 1e6:.0f} MB; load "
              f"{os.getloadavg()[0]:.1f}")


main()
