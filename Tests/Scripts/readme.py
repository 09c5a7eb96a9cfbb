"""Runs the commands of README.md one after the other, as a newcomer would type them.

Every line `$ podium …` of a console block must end with status 0 and say nothing about an error.
Lines that set the machine up (`git`, `make`) are left to `make demo` and `make test` themselves.

Usage: readme.py PODIUM README
"""

import os
import re
import subprocess
import sys
import tempfile

podium, readme = (os.path.abspath(path) for path in sys.argv[1:3])
blocks = re.findall(r"```console\n(.*?)```", open(readme, encoding="utf-8").read(), re.S)
commands = [line[2:] for block in blocks for line in block.splitlines()
            if line.startswith("$ podium ")]
passed, failures = 0, []
with tempfile.TemporaryDirectory(prefix="podium-readme-") as folder:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PODIUM_LAKE")}
    environment["PATH"] = os.path.dirname(podium) + ":" + environment["PATH"]
    for command in commands:
        result = subprocess.run(["bash", "-c", command], cwd=folder, env=environment,
                                capture_output=True, text=True)
        if result.returncode != 0 or "error:" in result.stderr or not result.stdout.strip():
            failures.append(f"$ {command}\n{result.stdout}{result.stderr}")
        else:
            passed += 1
if passed + len(failures) < 10:
    failures.append("README.md has fewer than ten commands: is it read right?")
for failure in failures:
    print("FAILED", failure)
print(f"{passed} passed, {len(failures)} failed")
sys.exit(1 if failures else 0)
