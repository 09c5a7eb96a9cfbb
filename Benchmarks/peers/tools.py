"""The tools that are compared: what starts them, what does the work, and where they write."""

import os
import pathlib
import shutil

from measuring import measure_tree, podium, root
from peers import gym

here = root / "Benchmarks/peers"
venv = root / ".bench-venv/bin"


class Tool:
    """One of those compared: where it writes, and the commands that start it and that do the work."""

    def __init__(self, name, folder, start, work, environment=None):
        self.name, self.folder, self.start, self.work = name, folder, start, work
        self.environment = environment or {}

    def forget(self):
        """Removes what it wrote; landing files stay, and what Python and dbt keep of their sources."""
        for layer in ("bronze", "silver", "gold", "quarantine", ".podium", "warehouse.duckdb"):
            path = pathlib.Path(self.folder) / layer
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    def measure(self, words):
        return measure_tree([str(word) for word in words], **self.environment)


def podium_tool(folder, day):
    os.makedirs(f"{folder}/empty/landing")
    return Tool("Podium", f"{folder}/lake",
                [podium, "run", *gym.selectors, "--lake", f"{folder}/empty", "--as-of", day],
                lambda day: [podium, "run", *gym.selectors, "--lake", f"{folder}/lake", "--as-of", day])


def dbt_tool(folder, tables):
    out, project, empty = f"{folder}/dbt", f"{folder}/dbt/project", f"{folder}/dbt_empty"
    shutil.copytree(here / "dbt", project)
    shutil.copytree(here / "dbt_empty", empty)
    pathlib.Path(f"{project}/macros/gym.sql").write_text(gym.dbt_macros(tables), encoding="utf-8")
    command = lambda word, place: [venv / "dbt", word, "--project-dir", place, "--profiles-dir", place]
    tool = Tool("dbt-duckdb", out, command("run", empty), lambda day: command("run", project),
                {"GYM_OUT": out, "GYM_LANDING": f"{folder}/lake/landing"})
    tool.measure(command("parse", project))
    return tool


def script_tool(name, script, folder):
    out = f"{folder}/{script}"
    os.makedirs(out)
    words = [venv / "python", here / f"{script}_gym.py"]
    return Tool(name, out, words + ["start"],
                lambda day: words + [f"{folder}/tables.json", f"{folder}/lake/landing", out],
                {"SPARK_LOCAL_DIRS": out, "SPARK_LOCAL_IP": "127.0.0.1"})


def make(chosen, folder, tables, day):
    """Podium, and the peers of these names, or all; the day is any for a run with nothing to do."""
    makers = {"dbt-duckdb": lambda: dbt_tool(folder, tables),
              "PySpark": lambda: script_tool("PySpark", "spark", folder),
              "Polars": lambda: script_tool("Polars", "polars", folder)}
    return [podium_tool(folder, day)] + [makers[name]() for name in chosen or makers]
