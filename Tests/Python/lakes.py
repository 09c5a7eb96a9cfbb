"""The tables of lakes, compared row by row by a reader that is not Podium's: DuckDB with its delta extension."""

import glob
import importlib.util
import itertools
import os

import duckdb

LAYERS = ("bronze", "silver", "gold", "quarantine")
# What tells of the run that wrote a row, and when.
OF_RUNS = {"_run", "_ingested_at", "_ingest_date", "_quarantined_at"}

connection = duckdb.connect()
extensions = importlib.util.find_spec("duckdb_extension_delta").submodule_search_locations[0]
connection.execute(f"LOAD '{glob.glob(extensions + '/extensions/*/delta.duckdb_extension')[0]}'")
connection.execute("SET TimeZone = 'UTC'")
numbers = itertools.count(1)


def answer(query):
    return connection.execute(query).fetchall()


class Rows:
    """All tables of a lake in a folder as they are now, in memory, without the columns that tell of runs."""

    def __init__(self, lake):
        # The names and types of each table's columns, and how many rows it has.
        self.columns, self.counts = {}, {}
        self.schema = f"lake{next(numbers)}"
        connection.execute(f"CREATE SCHEMA {self.schema}")
        for layer in LAYERS:
            for log in sorted(glob.glob(f"{lake}/{layer}/*/_delta_log")):
                self.read(f"{layer}.{os.path.basename(os.path.dirname(log))}", os.path.dirname(log))

    def read(self, table, path):
        connection.execute(f"CREATE TABLE {self.place(table)} AS SELECT * FROM delta_scan('{path}')")
        self.columns[table] = [
            column[:2] for column in answer(f"DESCRIBE {self.place(table)}") if column[0] not in OF_RUNS]
        self.counts[table] = answer(f"SELECT count(*) FROM {self.place(table)}")[0][0]

    def place(self, table):
        return f'{self.schema}."{table}"'

    def forget(self):
        connection.execute(f"DROP SCHEMA {self.schema} CASCADE")

    def differences(self, other):
        """What differs from another lake, by table: names and counts, never values of rows."""
        found = {}
        for table in sorted(self.columns.keys() | other.columns.keys()):
            what = self.difference(other, table)
            if what:
                found[table] = what
        return found

    def difference(self, other, table):
        ours, theirs = self.columns.get(table), other.columns.get(table)
        if ours is None or theirs is None:
            return "is missing" if ours is None else "is there"
        if ours != theirs:
            changed = [f"{name} {type_}" for name, type_ in ours if (name, type_) not in theirs]
            return f"has other columns: {', '.join(changed) or 'fewer, or in another order'}"
        names = [name for name, _ in ours]
        more, fewer = self.surplus(other, table, names)
        if not more and not fewer:
            return None
        what = f"has {more} rows more and {fewer} fewer"
        if not more or not fewer:
            return what
        columns = [f"{name} ({n})" for name in names if (n := max(self.surplus(other, table, [name])))]
        return f"{what}; columns: {', '.join(columns) or 'each alone is equal'}"

    def surplus(self, other, table, names):
        """How many rows, by some columns, this lake alone has, and how many the other alone; a row counts each time."""
        columns = ", ".join(f'"{name}"' for name in names)
        return answer(
            f"""SELECT coalesce(sum(n) FILTER (n > 0), 0), coalesce(-sum(n) FILTER (n < 0), 0) FROM (
                SELECT sum(__side) AS n FROM (SELECT 1 AS __side, {columns} FROM {self.place(table)} UNION ALL
                SELECT -1, {columns} FROM {other.place(table)}) GROUP BY {columns})""")[0]
