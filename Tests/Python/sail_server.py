"""Sail on a free port of this machine, for tests that are no Python.

Usage: sail_server.py
It prints {"port": …} and ends with its input. A line of its input is `kill` or `start`, on the same port; it answers
{"done": …}.
"""

import json
import sys

import clusters


def main():
    with clusters.Sail() as server:
        print(json.dumps({"port": server.port}), flush=True)
        for line in sys.stdin:
            word = line.strip()
            {"kill": server.kill, "start": server.start}[word]()
            print(json.dumps({"done": word}), flush=True)


main()
