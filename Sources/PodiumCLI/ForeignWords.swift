/// Words that users know from other tools, dbt above all, with what to type here.
let foreignWords: [String: String] = {
  let tables = "Name layers and tables without an option: '{tool} run silver gold.x+'."
  let listing = "'{tool} tables' lists the tables, '{tool} plan' what a run would do."
  let queries =
    "'{tool} check' examines all queries; '{tool} describe TABLE --json' gives one table's SQL."
  let place = "--lake DIR, or PODIUM_LAKE, says where the lake is."
  return [
    "build": "'{tool} run' makes the tables and judges their rules in one go.",
    "test": "'{tool} run' judges the rules of all rows; '{tool} check' examines the declarations.",
    "ls": listing, "list": listing, "compile": queries, "parse": queries,
    "debug": "'{tool} check' examines the declarations; --verbose says how the engine is set up.",
    "seed": "Put files into LAKE/landing/SOURCE/ and type '{tool} run'.",
    "show": "'{tool} sql' shows rows, '{tool} describe TABLE' what a table means.",
    "retry": "'{tool} run' goes on where a run that failed has stopped.",
    "query": "'{tool} sql' asks the tables.",
    "--select": tables, "-s": tables, "--models": tables, "--model": tables, "-m": tables,
    "--exclude": "Nothing can be left out: name the layers and tables that are to run.",
    "--threads": "--jobs N says how many tables 'run' works on at the same time.",
    "--vars": "--as-of DATE sets the business date; queries know no other variables.",
    "--target": place, "--profile": place, "--profiles-dir": place, "--project-dir": place,
  ]
}()
