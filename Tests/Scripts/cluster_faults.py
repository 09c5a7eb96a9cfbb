"""Servers that are killed while they compute for a run, and runs that are killed while servers compute for them: no
table may have half a commit, no row may be lost or doubled, and nothing may be left behind for good.

Usage: cluster_faults.py PODIUM [SELECTOR …] [--members N] [--spark PYTHON]
SELECTOR is what runs work on, all tables otherwise. PYTHON is an interpreter with the package pyspark.

A lake takes in two days of a gym. For each fault a copy of it takes in two more days while the fault happens; then a
run without faults follows. The outcome is compared with that of a copy that DuckDB computed undisturbed.
"""

import argparse
import contextlib
import glob
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

BEFORE, AFTER = "2025-01-02", "2025-01-04"


class Failure(Exception):
    """A fault did harm."""


class Run:
    """A run that has begun."""

    def __init__(self, gym, lake, engine, day=AFTER, selectors=()):
        self.lake, self.errors = lake, tempfile.TemporaryFile("w+")
        self.seen = {"begun": set(), "finished": set()}
        self.start = time.monotonic()
        self.child = subprocess.Popen(
            [gym.podium, "run", *selectors, "--lake", lake, "--engine", engine, "--files-to", day, "--as-of", day],
            env=gym.environment, stdout=subprocess.DEVNULL, stderr=self.errors)
        gym.runs.append(self.child)

    def look(self):
        """Looks for folders that the server has begun to write, and for those whose rows are there."""
        for file in glob.glob(f"{self.lake}/.podium/exchange/*/rows-*/*"):
            folder, name = os.path.split(file)
            self.seen["begun"].add(folder)
            if name.endswith(".parquet"):
                self.seen["finished"].add(folder)

    def until(self, what, number):
        """Waits until the server has begun, or finished, so many folders."""
        while len(self.seen[what]) < number:
            if self.child.poll() is not None:
                raise Failure(f"the run ended before {number} folders were {what}: {self.said()}")
            self.look()
            time.sleep(0.001)

    def end(self, status, seconds=300):
        """Waits for the end with a status; the seconds since the start."""
        try:
            found = self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            raise Failure(f"the run did not end within {seconds} s: {self.said()}") from None
        if found != status:
            raise Failure(f"the run ended with status {found} instead of {status}: {self.said()}")
        return time.monotonic() - self.start

    def said(self):
        """Its errors, or else its last words."""
        self.errors.seek(0)
        lines = self.errors.read().splitlines()
        return " ".join([line for line in lines if line.startswith("error: ")] or lines[-3:])[:400]


class Gym:
    def __init__(self, given, folder):
        self.podium, self.selectors, self.folder = given.podium, given.selectors, folder
        self.environment = {**os.environ, "PODIUM_RAW_PATH": str(folder / "gym/landing")}
        self.failures, self.runs = 0, []
        self.command("generate", "--lake", folder / "gym", "--members", given.members, "--days", 4,
                     "--heart-rate-share", 0.1, "--heart-rate-every", 60)
        self.run("before", day=BEFORE).end(0)
        shutil.copytree(folder / "before", folder / "after")
        self.run("after").end(0)
        self.before, self.after = lakes.Rows(folder / "before"), lakes.Rows(folder / "after")

    def command(self, *words):
        made = subprocess.run([self.podium, *map(str, words)], env=self.environment, text=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if made.returncode:
            raise Failure(f"podium {words[0]} ended with status {made.returncode}: {made.stderr[-1000:]}")

    def run(self, lake, engine="duckdb", day=AFTER):
        return Run(self, self.folder / lake, engine, day, self.selectors)

    def left(self, lake):
        """What lies in the folder of what is exchanged with servers."""
        return sorted(os.path.relpath(found, self.folder / lake) for found in
                      glob.glob(f"{self.folder / lake}/.podium/exchange/**", recursive=True))[1:]

    def check_whole(self, lake):
        """Expects each table as it was before or as it has to be after."""
        rows = lakes.Rows(self.folder / lake)
        old, new = rows.differences(self.before), rows.differences(self.after)
        rows.forget()
        if torn := sorted(old.keys() & new.keys()):
            raise Failure(f"{len(torn)} tables are neither old nor new, such as {torn[0]}, which {new[torn[0]]}")
        return len(new)

    def check_after(self, lake):
        """Expects all tables as they have to be, and nothing left behind."""
        rows = lakes.Rows(self.folder / lake)
        wrong = rows.differences(self.after)
        rows.forget()
        if wrong:
            raise Failure("; ".join(f"{table} {what}" for table, what in wrong.items())[:400])
        if left := self.left(lake):
            raise Failure(f"{len(left)} files and folders were left behind, such as {left[0]}")

    def goes_on(self, run, server, notes):
        """Expects that a run ends well, and so does the next one."""
        notes.append(f"the run took {run.end(0):.1f} s")
        self.run("lake", server.address).end(0)
        self.check_after("lake")

    @contextlib.contextmanager
    def fault(self, name, server):
        """A copy of the lake for a fault, about which one line is printed; it tells what to add to the line."""
        server.start()
        shutil.copytree(self.folder / "before", self.folder / "lake")
        notes, verdict, start = [], "ok", time.monotonic()
        try:
            yield notes
        except (Failure, RuntimeError) as error:
            verdict = f"WRONG: {error}"
            self.failures += 1
        finally:
            for run in self.runs:
                run.kill()
                run.wait()
            self.runs.clear()
            shutil.rmtree(self.folder / "lake")
        print(f"{name:66} {time.monotonic() - start:6.1f} s  {'; '.join([verdict, *notes])}", flush=True)


def undisturbed(gym, server):
    """How many folders the server writes in a run without faults."""
    folders = 0
    with gym.fault(f"{type(server).__name__}: nothing", server) as notes:
        run = gym.run("lake", server.address)
        while run.child.poll() is None:
            run.look()
            time.sleep(0.001)
        notes.append(f"the run took {run.end(0):.1f} s")
        folders = len(run.seen["finished"])
        notes.append(f"{folders} folders")
        gym.check_after("lake")
    return folders


def moments(folders):
    """When faults happen: early, halfway and late, as a server begins to write and as it has written."""
    return [("begun", 1), ("finished", 1), ("begun", folders // 2), ("finished", folders * 3 // 4)]


def returns(gym, server, name, moment, strike, mend, pause):
    """A run goes on by itself where a server is struck and mended a moment later."""
    with gym.fault(f"{name} with folder {moment[1]} {moment[0]}, back after {pause} s", server) as notes:
        run = gym.run("lake", server.address)
        run.until(*moment)
        strike()
        time.sleep(pause)
        mend()
        gym.goes_on(run, server, notes)


def replaced(gym, server, moment):
    """A run goes on by itself where another server answers in place of the one that it knew."""
    with gym.fault(f"Sail replaced between two questions after folder {moment[1]} {moment[0]}", server) as notes:
        run = gym.run("lake", server.address)
        run.until(*moment)
        run.child.send_signal(signal.SIGSTOP)
        server.kill()
        server.start()
        run.child.send_signal(signal.SIGCONT)
        gym.goes_on(run, server, notes)


def stays_away(gym, server, moment):
    """A run ends with an error where a server is killed for good, and DuckDB goes on."""
    with gym.fault(f"Sail killed for good with folder {moment[1]} {moment[0]}", server) as notes:
        run = gym.run("lake", server.address)
        run.until(*moment)
        server.kill()
        killed = time.monotonic()
        # It may give the server up, but not table after table.
        run.end(1, 120)
        notes.append(f"the run ended {time.monotonic() - killed:.1f} s later")
        if f"the server at {server.address} cannot be reached or was lost" not in run.said():
            raise Failure(f"the error does not say why: {run.said()}")
        notes.append(f"{gym.check_whole('lake')} tables were old")
        gym.run("lake").end(0)
        gym.check_after("lake")


def run_killed(gym, server, moment, cleaner):
    """A run that is killed leaves its lake to the next command."""
    with gym.fault(f"the run killed with folder {moment[1]} {moment[0]}, then {cleaner}", server) as notes:
        run = gym.run("lake", server.address)
        run.until(*moment)
        run.child.kill()
        run.end(-signal.SIGKILL)
        notes.append(f"{len(gym.left('lake'))} files and folders left")
        notes.append(f"{gym.check_whole('lake')} tables were old")
        if cleaner == "maintain":
            gym.command("maintain", "--keep-landing", "--as-of", AFTER, "--lake", gym.folder / "lake")
            if left := gym.left("lake"):
                raise Failure(f"maintenance left {left[0]}")
        gym.run("lake", server.address).end(0)
        gym.check_after("lake")


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("Usage: ")[1].split("\n")[0])
    parser.add_argument("podium", type=os.path.abspath)
    parser.add_argument("selectors", nargs="*")
    parser.add_argument("--members", type=int, default=200)
    parser.add_argument("--spark")
    given = parser.parse_intermixed_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="podium-cluster-lakes-") as folder:
        gym = Gym(given, pathlib.Path(folder))
        with clusters.Sail() as server:
            early, written, halfway, late = moments(undisturbed(gym, server))
            # A lost server is tried again after 1, 4 and 15 s.
            for moment, pause in ((early, 0.5), (written, 0.5), (halfway, 2), (late, 7)):
                returns(gym, server, "Sail killed", moment, server.kill, server.start, pause)
            for moment in (written, halfway, late):
                replaced(gym, server, moment)
            for moment in (early, late):
                stays_away(gym, server, moment)
            for moment, cleaner in ((early, "a run"), (written, "maintain"), (halfway, "maintain"), (late, "a run")):
                run_killed(gym, server, moment, cleaner)
        if given.spark:
            with clusters.Spark(given.spark) as server:
                early, _, halfway, late = moments(undisturbed(gym, server))
                for moment in (early, halfway, late):
                    returns(gym, server, "Spark's executor killed", moment, server.kill_executor, lambda: None, 0)
                for moment in (early, halfway):
                    returns(gym, server, "Spark's only worker killed", moment, server.kill_worker,
                            server.restart_worker, 2)
    sys.exit(1 if gym.failures else 0)


if __name__ == "__main__":
    main()
