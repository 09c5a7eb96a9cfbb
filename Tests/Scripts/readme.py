"""Runs the commands of README.md and of further pages, as a newcomer would type them: those of a
page one after the other, in a folder of its own.

Every line `$ podium …` of a console block must end with status 0 and say nothing about an error; so
must `$ sed …`, which shows a file, and the silent `$ printf …`, `$ cp …` and `$ rm …`, which bring files
or take them away. A command goes on after a backslash. Lines under one are what it prints, from the first
to the last.
Then the demo is run: the block of its output in README.md must be what it prints, times and ids of
runs apart, and the commands that it proposes must work.
Lines that set the machine up (`git`, `make`) are left to `make demo` and `make test` themselves.

Usage: readme.py PODIUM README [PAGE …]
"""

import difflib
import os
import re
import subprocess
import sys
import tempfile

podium, readme, *others = (os.path.abspath(path) for path in sys.argv[1:])
page = open(readme, encoding="utf-8").read()
environment = {k: v for k, v in os.environ.items() if not k.startswith("PODIUM_LAKE")}
environment["PATH"] = os.path.dirname(podium) + ":" + environment["PATH"]
passed, failures = 0, []
SILENT = ("printf ", "cp ", "rm ")


def run(command, folder):
    """Runs a line of shell; what it printed, both streams as on a terminal."""
    global passed
    result = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    is_silent = command.startswith(SILENT)
    if result.returncode != 0 or "error:" in result.stdout or not (is_silent or result.stdout.strip()):
        failures.append(f"$ {command}\n{result.stdout}")
    else:
        passed += 1
    return result.stdout


def commands(path):
    """The lines to type, each with the lines that it shows under it."""
    blocks = re.findall(r"```console\n(.*?)```", open(path, encoding="utf-8").read(), re.S)
    typed = [re.split(r"(?<!\\)\n", part, maxsplit=1)
             for block in blocks for part in ("\n" + block).split("\n$ ")[1:]]
    return [(line, shown[0].strip("\n") if shown else "") for line, *shown in typed
            if line.startswith(("podium ", "sed -n ", *SILENT))]


def plain(text):
    """Lines without what differs from run to run, and the widths that follow from it."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    text = re.sub(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]+", "RUN", text)
    text = re.sub(r"\b([0-9]+ min )?[0-9.]+ m?s$", "TIME", text, flags=re.M)
    text = re.sub(r"[0-9]+[.][0-9]{2} │$", "TIME │", text, flags=re.M)
    # What a question cost is another time each time.
    lines = [line for line in text.splitlines() if not re.fullmatch(r"read .* USD", line)]
    return [re.sub(r"─+", "─", re.sub(r" +", " ", line)).strip() for line in lines]


for path in [readme] + others:
    with tempfile.TemporaryDirectory(prefix="podium-readme-") as folder:
        for command, shown in commands(path):
            printed = run(command, folder).replace(folder + "/", "")
            if shown and plain(shown) != plain(printed):
                changes = difflib.unified_diff(plain(shown), plain(printed), os.path.basename(path),
                                               "printed", lineterm="")
                failures.append(f"$ {command}\nprints other lines:\n" + "\n".join(changes))

with tempfile.TemporaryDirectory(prefix="podium-demo-") as folder:
    demo = os.path.join(os.path.dirname(readme), "scripts", "demo.sh")
    printed = plain(run(f"'{demo}' .", folder))
    shown = [plain(block) for block in re.findall(r"```text\n(.*?)```", page, re.S)
             if "$ .build/release/podium sql" in block]
    if len(shown) != 1:
        failures.append("README.md shows no output of the demo, or several")
    for block in shown:
        # Where the first line that both have would put the block.
        start = next((printed.index(line) - i for i, line in enumerate(block) if line in printed), 0)
        found = printed[max(0, start):start + len(block)]
        if found == block:
            passed += 1
        else:
            changes = difflib.unified_diff(block, found, "README.md", "the demo", lineterm="")
            failures.append("README.md shows other output than the demo's:\n" + "\n".join(changes))
    following = [line for line in printed[printed.index("Next, try:"):]
                 if line.startswith(".build/release/podium ")]
    if len(following) < 3:
        failures.append("the demo proposes fewer than three commands")
    for line in following:
        run(line.replace(".build/release/podium", "podium", 1), folder)

if passed + len(failures) < 10:
    failures.append("README.md has fewer than ten commands: is it read right?")
for failure in failures:
    print("FAILED", failure)
print(f"{passed} passed, {len(failures)} failed")
sys.exit(1 if failures else 0)
