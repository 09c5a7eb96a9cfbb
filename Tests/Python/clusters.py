"""Servers that tests compute on, on free ports of 127.0.0.1: Sail, and a cluster of Apache Spark 4; and S3.

    with clusters.Sail() as server:
        subprocess.run(["podium", "run", "--engine", server.address])

Each is a context that ends all processes that it started and no others, after an error too; they end with this
process even where it is killed. Their logs and scratch files lie in a folder of their own, which goes with them. As a
program it shows that they start:

Usage: clusters.py [SPARK_PYTHON]   SPARK_PYTHON is an interpreter that has the package pyspark
"""

import ctypes
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HOST = "127.0.0.1"
LIBC = ctypes.CDLL(None)
DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def without(prefix):
    """This process's variables but those of some program, which would change what a server does."""
    return {name: value for name, value in os.environ.items() if not name.startswith(prefix)}


class Process:
    """A program in a process group of its own; what it prints goes to a log."""

    def __init__(self, name, folder, words, environment):
        self.name, self.log = name, folder / f"{name}.log"
        with open(self.log, "a") as log:
            self.child = subprocess.Popen(
                words, env=environment, cwd=folder, start_new_session=True, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, preexec_fn=lambda: LIBC.prctl(DEATH_SIGNAL, signal.SIGKILL))

    def runs(self):
        return self.child.poll() is None

    def failed(self, what):
        tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])
        return RuntimeError(f"{self.name} {what}; the end of its log:\n{tail}")

    def until(self, holds, what, seconds=120):
        """Waits until something holds."""
        end = time.monotonic() + seconds
        while not holds():
            if not self.runs():
                raise self.failed(f"ended with status {self.child.returncode}")
            if time.monotonic() > end:
                raise self.failed(f"did not {what} within {seconds} s")
            time.sleep(0.05)

    def until_open(self, port):
        def answers():
            with socket.socket() as probe:
                return probe.connect_ex((HOST, port)) == 0
        self.until(answers, f"listen on port {port}")

    def kill(self):
        """Ends it at once, and what it started; nothing where it has ended."""
        if self.runs():
            os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait()


class Server:
    """A Spark Connect server; `address` is what `podium run --engine` takes.

    `start` starts what does not run of it, on the port that it had; it remembers nothing. `kill` ends it at once.
    """

    def __init__(self):
        self.processes = {}
        self.port = free_port()
        self.address = f"sc://{HOST}:{self.port}"

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="podium-cluster-"))
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, name, port, *words):
        """Starts a program of it that listens on a port, where it does not run."""
        if name not in self.processes or not self.processes[name].runs():
            self.processes[name] = Process(name, self.folder, [str(word) for word in words], self.environment)
            self.processes[name].until_open(port)

    def kill(self):
        for process in self.processes.values():
            process.kill()


class Sail(Server):
    """Sail in its cluster mode: a driver that plans, and workers to which it gives the parts of a query.

    All of them live in one process: a worker is a service with a port of its own, on threads that all share. So there
    is none that could be killed alone.
    """

    def __init__(self, workers=2, **environment):
        super().__init__()
        self.environment = {
            **without("SAIL_"), "SAIL_MODE": "local-cluster",
            "SAIL_CLUSTER__WORKER_INITIAL_COUNT": str(workers), **environment}

    def start(self):
        self.run("sail", self.port, pathlib.Path(sys.executable).with_name("sail"), "spark", "server", "--ip", HOST,
                 "--port", self.port)


class Spark(Server):
    """Apache Spark's own cluster: a master, one worker, whose executor computes, and a Spark Connect server.

    Each is a process. Queries are interpreted, not compiled, which on few rows takes a fraction of the time.
    """

    SETTINGS = {
        "spark.ui.enabled": "false",
        "spark.executor.memory": "2g",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    }

    def __init__(self, python, **settings):
        super().__init__()
        self.settings = {**Spark.SETTINGS, **settings}
        home = subprocess.run([python, "-c", "import pyspark; print(pyspark.__path__[0])"], check=True,
                              stdout=subprocess.PIPE, text=True).stdout.strip()
        self.programs = pathlib.Path(home) / "bin"
        self.environment = {**without("SPARK_"), "SPARK_HOME": home, "SPARK_LOCAL_IP": HOST,
                            "SPARK_DAEMON_MEMORY": "512m"}
        self.master_port = free_port()
        self.master = f"spark://{HOST}:{self.master_port}"

    def start(self):
        self.environment["JAVA_TOOL_OPTIONS"] = f"-Djava.io.tmpdir={self.folder}"
        for name in ("SPARK_WORKER_DIR", "SPARK_LOG_DIR", "SPARK_LOCAL_DIRS"):
            self.environment[name] = str(self.folder)
        self.run("master", self.master_port, self.programs / "spark-class", "org.apache.spark.deploy.master.Master",
                 "--host", HOST, "--port", self.master_port, "--webui-port", 0)
        self.restart_worker()
        settings = {**self.settings, "spark.connect.grpc.binding.port": self.port,
                    "spark.driver.host": HOST, "spark.sql.warehouse.dir": self.folder / "warehouse"}
        self.run("connect", self.port, self.programs / "spark-submit", "--master", self.master, "--driver-memory", "2g",
                 *[word for name, value in settings.items() for word in ("--conf", f"{name}={value}")],
                 "--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal")

    def restart_worker(self):
        """Starts another worker in place of one that was killed."""
        port = free_port()
        self.run("worker", port, self.programs / "spark-class", "org.apache.spark.deploy.worker.Worker", "--host", HOST,
                 "--port", port, "--webui-port", 0, "--cores", 2, "--memory", "5g", self.master)

    def kill_worker(self):
        """Kills the worker with its executor, as if their machine was gone."""
        self.processes["worker"].kill()

    def executors(self):
        """The pids of the worker's executors; there is one while the Spark Connect server has a worker."""
        worker = self.processes["worker"].child.pid
        children = pathlib.Path(f"/proc/{worker}/task").glob("*/children")
        return [int(pid) for file in children for pid in file.read_text().split()]

    def kill_executor(self):
        """Kills what computes; the worker starts another one by itself."""
        self.processes["worker"].until(self.executors, "start an executor")
        for pid in self.executors():
            os.kill(pid, signal.SIGKILL)


class Bucket:
    """The bucket `lake` of an S3 server that forgets all at its end; `environment` says how it is reached."""

    def __enter__(self):
        server = pathlib.Path(__file__).resolve().with_name("s3_server.py")
        # Moto tells of races of its own; it answers with 500 then, and is asked again.
        self.child = subprocess.Popen([sys.executable, server, "lake"], text=True, start_new_session=True,
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        line = self.child.stdout.readline()
        if not line:
            raise RuntimeError("the S3 server did not start")
        address = f"http://{HOST}:{json.loads(line)['port']}"
        self.environment = {
            "AWS_ENDPOINT_URL": address, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1", "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
        return self

    def __exit__(self, *_):
        self.child.communicate()


def main():
    servers = [Sail(), *map(Spark, sys.argv[1:])]
    for server in servers:
        start = time.monotonic()
        with server:
            print(f"{type(server).__name__} listens at {server.address} after {time.monotonic() - start:.1f} s")


if __name__ == "__main__":
    main()
