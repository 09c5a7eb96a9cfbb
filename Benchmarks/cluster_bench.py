"""What Podium adds to a server's own work: a full refresh, against the bare SQL on the same server and files.

Usage: cluster_bench.py [--members 5000] [--days 365]
Environment: PODIUM_BENCH_REPEAT (3).

A gym is made and taken into bronze. Sail then computes all silver and gold tables from it twice. Once through Podium,
which tells each statement (`--verbose`). Once by a plain client that sends one statement a table: the same query over
files that the statements before it wrote, the rows that have all required columns, and the newest row of each key
where the table keeps that; its rows go to a folder without partitions, statistics, rules, quarantine, lineage of files
or a log. How many of its tables have as many rows as Podium's is told (rules other than "required" are not its own).
Medians of several turns, which begin with either in turn; the peak memory of Podium beside them.
"""

import argparse
import difflib
import json
import os
import pathlib
import re
import shutil
import statistics
import sys
import time

from measuring import measure, podium, quietly, repeat, scratch

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "Tests" / "Python"))
import clusters  # noqa: E402

AS_OF = "2025-12-31"
ALIAS = re.compile(r"\b(?:bronze|silver|gold)__\w+")
WRITES = "INSERT OVERWRITE DIRECTORY '%s' USING parquet OPTIONS (compression 'snappy', skip_arrow_metadata 'true') "


class Plain:
    """The tables' statements as a plain client would write them."""

    def __init__(self, lake, told, order):
        """`told` is what a run with one job told; `order` are the names of its tables, as it computed them."""
        texts = re.findall(r"^(?:INSERT OVERWRITE DIRECTORY|CREATE TABLE) [^\n]* FROM \(\n(.*?)\n\) AS q[^\n]*;$", told,
                           re.DOTALL | re.MULTILINE)
        self.lake, self.statements = lake, {}
        shapes = [json.loads(measure([podium, "describe", table, "--lake", lake, "--json"])["output"])
                  for table in order]
        self.columns = {shape["table"]: ", ".join(f"{column['name']} {column['type']}" for column in shape["columns"])
                        for shape in shapes}
        for shape, text in self.pairs(shapes, texts):
            self.statements[shape["table"]] = self.statement(shape, text)
        missing = [table for table in order if table not in self.statements]
        if missing:
            sys.exit(f"no statement was told of {', '.join(missing)}")

    @staticmethod
    def bones(text):
        """What a translation does not change of a query: its words, without the names of its inputs."""
        text = re.sub(r"podium_\d+", "@", ALIAS.sub("@", text))
        text = re.sub(r"(DATE )?'\d{4}-\d\d-\d\d'|:as_of", "#", text)
        return re.findall(r"[a-z_]+|@|#", text)

    def pairs(self, shapes, texts):
        """Each table's description with the text that was told for it: the one most like its query."""
        left = list(texts)
        for shape in shapes:
            words = self.bones(shape["query"])

            def likeness(text):
                found = difflib.SequenceMatcher(None, words, self.bones(text), autojunk=False)
                return 0 if found.real_quick_ratio() < 0.6 or found.quick_ratio() < 0.6 else found.ratio()
            best = max(left, key=likeness)
            left.remove(best)
            yield shape, best

    def statement(self, shape, text):
        """A table's query over views that are called after tables."""
        aliases = iter([re.sub(r"__new$", "", name) for name in ALIAS.findall(shape["query"])])
        text = re.sub(r"\bpodium_\d+\b", lambda _: next(aliases), text)
        required = " AND ".join(f"{column['name']} IS NOT NULL" for column in shape["columns"]
                                if not column["nullable"]) or "true"
        names = ", ".join(column["name"] for column in shape["columns"])
        key, written = ", ".join(shape["key"]), shape["written"]
        if found := re.search(r"one row a state of a key, ordered by (\w+)", written):
            # Two texts of one state are two rows here.
            until = f"lead({found[1]}) OVER (PARTITION BY {key} ORDER BY {found[1]}, _file, _line)"
            text = (f"SELECT *, valid_to IS NULL AS is_current FROM (SELECT *, {found[1]} AS valid_from, "
                    f"{until} AS valid_to FROM (\n{text}\n) AS q) AS s")
        elif found := re.search(r"the newest by (\w+)|within .* of (\w+), the earliest", written):
            order = f"{found[1] or found[2]} DESC, _file DESC, _line DESC"
            return (f"SELECT {names} FROM (SELECT *, row_number() OVER (PARTITION BY {key} ORDER BY {order}) AS _n "
                    f"FROM (\n{text}\n) AS q WHERE {required}) AS r WHERE _n = 1")
        return f"SELECT {names} FROM (\n{text}\n) AS q WHERE {required}"

    def files(self, table):
        """A pattern for a table's files, none of which was removed since."""
        folder = pathlib.Path(self.lake, table)
        return f"{folder}/{{{','.join(str(file.relative_to(folder)) for file in folder.glob('[!.]*=*/*.parquet'))}}}"

    def run(self, server, folder):
        """Seconds, and the rows of each table."""
        import adbc_driver_spark.dbapi as spark

        rows = {}
        bronze = {table for text in self.statements.values() for table in ALIAS.findall(text)
                  if table.startswith("bronze")}
        places = {table: self.files(table.replace("__", "/")) for table in bronze}
        with spark.connect(server.address) as connection, connection.cursor() as cursor:
            start = time.monotonic()
            for table, place in places.items():
                cursor.execute(f"CREATE OR REPLACE TEMPORARY VIEW {table} USING parquet OPTIONS (path '{place}')")
                cursor.fetchall()
            for table, text in self.statements.items():
                place = os.path.join(folder, table)
                try:
                    cursor.execute(WRITES % place + text)
                except spark.Error as error:
                    sys.exit(f"{table}: {error}\n{text}")
                rows[table] = (cursor.fetchall() or [[None]])[0][0]
                # Where there are no rows there is no file that tells columns.
                columns = "" if any(pathlib.Path(place).glob("*.parquet")) else f"({self.columns[table]})"
                cursor.execute(f"CREATE OR REPLACE TEMPORARY VIEW {table.replace('.', '__')} {columns} USING parquet "
                               f"OPTIONS (path '{place}')")
                cursor.fetchall()
            return time.monotonic() - start, rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", default="5000")
    parser.add_argument("--days", default="365")
    asked = parser.parse_args()
    with scratch() as folder, clusters.Sail() as server:
        lake, copy, out = (os.path.join(folder, name) for name in ("lake", "copy", "out"))
        quietly(podium, "generate", "--lake", lake, "--members", asked.members, "--days", asked.days)
        quietly(podium, "run", "bronze", "--lake", lake, "--as-of", AS_OF)
        for source in pathlib.Path(lake, "landing").iterdir():
            shutil.rmtree(source)

        def refresh(*options):
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(lake, copy)
            os.sync()
            return measure([podium, "run", "silver", "gold", "--lake", copy, "--as-of", AS_OF, "--engine",
                            server.address, "--json", *options])

        def bare():
            shutil.rmtree(out, ignore_errors=True)
            os.mkdir(out)
            os.sync()
            return plain.run(server, out)

        # The statements are those of a first run, which also lets the server start what it needs.
        first = refresh("--jobs", "1", "--verbose")
        tables = {table["table"]: table["rowsAfter"] for table in json.loads(first["output"])["tables"]}
        plain = Plain(lake, first["errors"], tables)
        ratios, peaks = [], []
        for turn in range(repeat):
            if turn % 2:
                seconds, rows = bare()
            run = refresh()
            if not turn % 2:
                seconds, rows = bare()
            ratios.append(run["wall"] / seconds)
            peaks.append(run["memory"])
            print(f"turn {turn + 1}: Podium {run['wall']:.1f} s, bare {seconds:.1f} s, {ratios[-1]:.2f} x, "
                  f"{peaks[-1]:.0f} MB", flush=True)
        same = sum(rows[table] == tables[table] for table in tables)
        print(f"median {statistics.median(ratios):.2f} x (aim 1.3), peak {max(peaks):.0f} MB; {same} of "
              f"{len(tables)} tables have as many rows; load {os.getloadavg()[0]:.1f}")
        for table in tables:
            if rows[table] != tables[table]:
                print(f"  {table}: {tables[table]} rows, bare {rows[table]}")


main()
