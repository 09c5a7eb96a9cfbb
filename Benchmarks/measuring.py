"""What the benchmarks share: processes measured from outside, folders that go away, lines of a report."""

import contextlib
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

root = pathlib.Path(__file__).resolve().parent.parent
podium = os.environ.get("PODIUM_BIN") or str(root / ".build/release/podium")
repeat = int(os.environ.get("PODIUM_BENCH_REPEAT", "3"))


def measure(words):
    """Runs a command; its wall and processor seconds, peak memory in MB, and what it printed.

    A child's peak memory is never below that of the process which started it: keep this one small.
    """
    began = time.perf_counter()
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=errors)
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            errors.seek(0)
            print(errors.read().decode()[-2000:], file=sys.stderr)
            sys.exit(f"{' '.join(words)[:500]} ended with status "
                     f"{os.waitstatus_to_exitcode(status)}")
    return {
        "wall": time.perf_counter() - began,
        "cpu": usage.ru_utime + usage.ru_stime,
        "memory": usage.ru_maxrss / 1024,
        "output": output.decode(),
    }


def quietly(*words):
    """Runs a command whose output nobody wants."""
    subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


@contextlib.contextmanager
def scratch():
    """A folder of the benchmark's own, gone afterwards."""
    folder = tempfile.mkdtemp(prefix="podium-bench-")
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def paired(ours, theirs, figure):
    """The median of the ratios pair by pair, so that a drift of the machine hits both."""
    return statistics.median(figure(a) / figure(b) for a, b in zip(ours, theirs))


def run_parts(parts):
    """Runs the parts named on the command line, or all, under a line that describes the machine."""
    chosen = sys.argv[1:] or list(parts)
    for name in chosen:
        if name not in parts:
            sys.exit(f"there is no benchmark '{name}'; there are {', '.join(parts)}")
    print(f"machine: {platform.machine()}, {os.cpu_count()} cores; load {os.getloadavg()[0]:.1f}; "
          f"medians of {repeat}", flush=True)
    for name in chosen:
        parts[name]()
