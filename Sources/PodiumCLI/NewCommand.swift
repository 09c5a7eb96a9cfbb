import ArgumentParsing
import Basics
import Podium
import Scaffolding
import Storage

extension Project {
  /// `new`: writes what a project needs for something new.
  var newCommand: Command<CommandAction> {
    Command(
      group: "new", "Writes the source of a new table.", subcommands: [newTableCommand])
  }

  private var newTableCommand: Command<CommandAction> {
    Command(
      "table", "Writes a table's declaration and test, and puts it into the list of its layer.",
      discussion: """
        A bronze table is made from a sample file: its columns are those of the file. A silver table \
        is made from a bronze one, with types if --sample names a file, and a gold table from a \
        silver or gold one. What is guessed is said; look at it, then build and run the test. \
        Columns that sound personal are marked, and go into silver tables called …_pii alone.
        """,
      arguments: [.required("name", "The new table, such as silver.class_feedback.")],
      options: [
        .option("from", "INPUT", "A sample file, or the table to read.", .text(), .required),
        .option("dir", "DIR", "The project's folder.", .folder, .otherwise("this one")),
        .option("tests", "DIR", "The folder for the test.", .folder, .otherwise("found")),
        .option("sample", "FILE", "A file whose values suggest the types in silver.", .file),
        .option("key", "COLUMNS", "The key, separated by commas.", .text(), .otherwise("guessed")),
        .flag("dry-run", "Print the files; write none."),
      ],
      examples: [
        Example("new table bronze.lockers --from landing/lockers/1.csv", "From a file."),
        Example(
          "new table silver.lockers --from bronze.lockers --sample lockers.csv",
          "Typed, after a build."),
        Example("new table gold.locker_use --from silver.lockers --dry-run", "A look first."),
      ]
    ) { session in try newTable(session) }
  }

  private func newTable(_ session: Session) throws -> ExitStatus {
    let values = session.values
    let request = NewTable.Request(
      name: try values.string("name"), input: try values.string("from"),
      folder: try values.stringIfGiven("dir") ?? ".", tests: try values.stringIfGiven("tests"),
      sample: try values.stringIfGiven("sample"),
      key: try values.stringIfGiven("key")?.split(separator: ",").map { part in
        let start = part.drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
      } ?? [])
    let table: NewTable
    do { table = try NewTable(request, tables: session.graph().ordered) } catch let error
      as ScaffoldError
    {
      throw WrongUsage(description: error.description)
    }
    let isDry = try values.flag("dry-run")
    if !isDry { try table.write() }
    if session.json {
      try session.print([
        "table": .string(request.name), "written": .bool(!isDry),
        "guesses": .array(table.guesses.map(JSON.string)),
        "left_to_do": .array(table.leftToDo.map(JSON.string)),
        "test": .string(table.testName),
        "files": .array(
          table.files.map {
            ["path": .string($0.path), "new": .bool($0.isNew), "text": .string($0.text)]
          }),
      ])
      return .done
    }
    for file in table.files {
      let path = shown(file.path)
      if isDry {
        try session.out.write("// ---- \(path)\n\(file.text)")
      } else {
        try session.out.write("\(file.isNew ? "new    " : "changed") \(path)\n")
      }
    }
    try session.out.flush()
    for guess in table.guesses {
      session.say(session.errorTerminal.message("guess:", .yellow, guess))
    }
    for sentence in table.leftToDo {
      session.say(session.errorTerminal.message("to do:", .yellow, sentence))
    }
    if !isDry {
      session.say("next: swift run \(name) check && swift test --filter \(table.testName)")
    }
    return .done
  }

  /// A path as it is typed from here, where it lies below this folder.
  private func shown(_ path: String) -> String {
    let here = absolutePath(".") + "/"
    return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
  }
}
