"""A gym is the same on all engines: its files are taken in batch by batch, by one lake for each engine and by one that
changes its engine with each batch, and after each batch all tables must have the rows that DuckDB computes.

Usage: cluster.py PODIUM [--members N] [--days N] [--batches N] [--engines LIST] [--spark PYTHON] [--s3] [--keep]
LIST names some of sail, spark and turns, all that there are otherwise. Sail comes with this Python; PYTHON is an
interpreter with the package pyspark, without which there is no Apache Spark. With --s3 the lakes lie in a bucket, for
which Apache Spark would need further packages. With --keep they stay.
"""

import argparse
import contextlib
import datetime
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Python"))
import clusters
import lakes

FIRST = datetime.date(2025, 1, 1)


def arguments():
    parser = argparse.ArgumentParser(usage=__doc__.split("Usage: ")[1].split("\n")[0])
    parser.add_argument("podium", type=os.path.abspath)
    parser.add_argument("--members", type=int, default=2000)
    parser.add_argument("--days", type=int, default=31)
    parser.add_argument("--batches", type=int, default=10)
    parser.add_argument("--engines", type=lambda text: text.split(","))
    parser.add_argument("--spark")
    parser.add_argument("--s3", action="store_true")
    parser.add_argument("--keep", action="store_true")
    given = parser.parse_args()
    given.engines = given.engines or ["sail", *["spark"] * bool(given.spark), "turns"]
    if unknown := set(given.engines) - {"sail", "spark", "turns"}:
        parser.error(f"no such engine: {', '.join(sorted(unknown))}")
    if "spark" in given.engines and not given.spark:
        parser.error("spark needs --spark PYTHON")
    if given.spark and given.s3:
        parser.error("--s3 is for duckdb and sail")
    if not 1 <= given.batches <= given.days:
        parser.error("a batch has at least one day")
    return given


class Gym:
    """The landing zone and the lakes that take from it."""

    def __init__(self, given, folder, bucket):
        self.given, self.folder, self.bucket = given, folder, bucket
        self.environment = {
            **os.environ, **(bucket.environment if bucket else {}),
            "PODIUM_RAW_PATH": str(folder / "gym/landing"), "PODIUM_CACHE": str(folder / "cache")}

    def podium(self, *words):
        """Runs the program; what it said where it failed."""
        made = subprocess.run([self.given.podium, *map(str, words)], env=self.environment, text=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        return f"status {made.returncode}: {made.stderr[-2000:]}" if made.returncode else None

    def place(self, lake):
        return f"s3://lake/{lake}" if self.bucket else self.folder / lake

    def rows(self, lake):
        if self.bucket:
            self.download(lake)
        return lakes.Rows(self.folder / lake)

    def download(self, lake):
        """Copies what is new of a lake in the bucket; most objects never change."""
        import boto3

        environment = self.bucket.environment
        client = boto3.client(
            "s3", endpoint_url=environment["AWS_ENDPOINT_URL"], region_name=environment["AWS_REGION"],
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"])
        for page in client.get_paginator("list_objects_v2").paginate(Bucket="lake", Prefix=f"{lake}/"):
            for key in (found["Key"] for found in page.get("Contents", [])):
                file = self.folder / key
                if key.split("/")[1] in lakes.LAYERS and (not file.exists() or file.name == "_last_checkpoint"):
                    file.parent.mkdir(parents=True, exist_ok=True)
                    client.download_file("lake", key, str(file))


def main():
    given = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="podium-cluster-lakes-"))
    failures = 0
    with contextlib.ExitStack() as stack:
        if given.keep:
            print(f"the lakes stay in {folder}", flush=True)
        else:
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        bucket = stack.enter_context(clusters.Bucket()) if given.s3 else None
        gym = Gym(given, folder, bucket)
        if wrong := gym.podium("generate", "--lake", folder / "gym", "--members", given.members, "--days", given.days,
                               "--from", FIRST, "--heart-rate-share", 0.1, "--heart-rate-every", 60):
            sys.exit(f"podium generate: {wrong}")
        servers = {"duckdb": "duckdb"}
        if {"sail", "turns"} & set(given.engines):
            # It may ask a bucket without TLS.
            reached = {**bucket.environment, "AWS_ALLOW_HTTP": "true"} if bucket else {}
            servers["sail"] = stack.enter_context(clusters.Sail(**reached)).address
        if given.spark:
            servers["spark"] = stack.enter_context(clusters.Spark(given.spark)).address
        for batch in range(given.batches):
            day = FIRST + datetime.timedelta(days=given.days * (batch + 1) // given.batches - 1)
            expected = None
            for lake in ["duckdb", *given.engines]:
                engine = list(servers)[batch % len(servers)] if lake == "turns" else lake
                start = time.monotonic()
                wrong = gym.podium("run", "--lake", gym.place(lake), "--engine", servers[engine], "--files-to", day,
                                   "--as-of", day)
                seconds = time.monotonic() - start
                rows = gym.rows(lake)
                expected = expected or rows
                found = rows.differences(expected)
                name = lake if lake == engine else f"{lake} ({engine})"
                verdict = "failed" if wrong else f"{len(found)} differ" if found else "equal"
                print(f"batch {batch + 1:2} to {day}  {name:14} {seconds:6.1f} s  {len(rows.counts):3} tables "
                      f"{sum(rows.counts.values()):10,} rows  {verdict}", flush=True)
                for line in [wrong] * bool(wrong) + [f"{table} {what}" for table, what in found.items()]:
                    print(f"  {line}", flush=True)
                failures += bool(wrong or found)
                if rows is not expected:
                    rows.forget()
            expected.forget()
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
