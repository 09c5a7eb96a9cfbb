"""What the benchmarks share: processes measured from outside, folders that go away, lines of a report."""

import contextlib
import ctypes
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

root = pathlib.Path(__file__).resolve().parent.parent
podium = os.environ.get("PODIUM_BIN") or str(root / ".build/release/podium")
# The sources that all figures of RESULTS.md are measured with; the generator has more.
sources = ("members,memberships,cancellations,billing,schedule,class_attendance,gym_visits,facility_usage,"
           "retail,daily_activity")
repeat = int(os.environ.get("PODIUM_BENCH_REPEAT", "3"))


def measure(words):
    """Runs a command; its wall and processor seconds, peak memory in MB, and what it printed, on standard error too.

    A child's peak memory is never below that of the process which started it: keep this one small.
    """
    began = time.perf_counter()
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=errors)
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        errors.seek(0)
        said = errors.read().decode()
        if status != 0:
            print(said[-2000:], file=sys.stderr)
            sys.exit(f"{' '.join(words)[:500]} ended with status "
                     f"{os.waitstatus_to_exitcode(status)}")
    return {
        "wall": time.perf_counter() - began,
        "cpu": usage.ru_utime + usage.ru_stime,
        "memory": usage.ru_maxrss / 1024,
        "output": output.decode(),
        "errors": said,
    }


def descendants(process):
    """The ids of a process and of all that it started, as /proc tells them."""
    found, waiting = [], [process]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for children in pathlib.Path(f"/proc/{one}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                waiting += [int(word) for word in children.read_text().split()]
    return found


def used(server):
    """Processor seconds, and peak memory in MB, of all processes of a server of `clusters` so far."""
    ticks, peak = 0, 0
    for process in server.processes.values():
        for one in descendants(process.child.pid):
            ticks += sum(map(int, pathlib.Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[11:13]))
            status = pathlib.Path(f"/proc/{one}/status").read_text()
            peak += int(status.partition("VmHWM:")[2].split()[0]) / 1024
    return ticks / os.sysconf("SC_CLK_TCK"), peak


def resident(processes):
    """The memory in MB that processes hold together."""
    pages = 0
    for process in processes:
        with contextlib.suppress(OSError):
            pages += int(pathlib.Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def measure_tree(words, **environment):
    """Runs a command that may start others, such as a JVM, and waits for all of them.

    Wall seconds until the command ended, processor seconds of all processes, and the peak of their
    memory together in MB, looked at every 30 ms and never below that of the largest one. A process
    whose parent ends becomes a child of this one, so that none is left out.
    """
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER of Linux
    began = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(words, stdout=output, stderr=subprocess.STDOUT,
                                   env={**os.environ, **environment})
        ended, peak = threading.Event(), [0.0]

        def watch():
            tree, looked = [process.pid], 0.0
            while not ended.wait(0.03):
                if time.perf_counter() - looked > 0.3:
                    tree, looked = descendants(process.pid), time.perf_counter()
                peak[0] = max(peak[0], resident(tree))

        watcher = threading.Thread(target=watch)
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        ended.set()
        watcher.join()
        cpu, largest = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
        with contextlib.suppress(ChildProcessError):
            while True:
                _, _, usage = os.wait3(0)
                cpu += usage.ru_utime + usage.ru_stime
                largest = max(largest, usage.ru_maxrss / 1024)
        output.seek(0)
        text = output.read().decode(errors="replace")
    process.returncode = os.waitstatus_to_exitcode(status)
    if status != 0:
        print(text[-6000:], file=sys.stderr)
        sys.exit(f"{' '.join(words)[:500]} ended with status {process.returncode}")
    return {"wall": wall, "cpu": cpu, "memory": max(peak[0], largest), "output": text}


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
