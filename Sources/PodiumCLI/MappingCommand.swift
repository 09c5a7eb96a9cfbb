import ArgumentParsing
import Basics
import Engines
import Landing
import Lakehouse
import Lineage
import Podium
import Rendering
import S3
import Scaffolding
import Storage

extension Project {
  /// `mapping`: which header of a source's own files is which column.
  var mappingCommand: Command<CommandAction> {
    Command(
      group: "mapping", "Finds out which header of a file is which column of a table.",
      subcommands: [inferMappingCommand, checkMappingCommand])
  }

  private var inferMappingCommand: Command<CommandAction> {
    Command(
      "infer", "Guesses the columns of a file's headers and writes the mapping, to be edited.",
      discussion: """
        Headers are compared with the table's columns by their words, also those that mean the same, \
        and by the first thousand rows: what they look like, and what the silver tables make of them. \
        The mapping is written beside the files, as landing/FOLDER/_mapping.json, and the next run \
        reads the folder's files by it. Headers that are no column are kept in _rescued. Samples are \
        shown with letters as x and digits as 9.
        """,
      arguments: [.required("file", "A file of the source.")],
      options: [
        .option("table", "TABLE", "The bronze table that takes it in.", .text(), .required),
        .option("to", "FILE", "Where to write it.", .file, .otherwise("the landing folder")),
        .flag("replace", "Put it in the place of another mapping."),
        .flag("dry-run", "Show it; write nothing."),
      ],
      examples: [
        Example("mapping infer export.csv --table bronze.members", "Guess, show and write."),
        Example("mapping infer export.csv --table bronze.members --dry-run", "A look first."),
      ]
    ) { session in
      do { return try infer(session) } catch let error as ScaffoldError {
        throw WrongUsage(description: error.description)
      }
    }
  }

  private var checkMappingCommand: Command<CommandAction> {
    Command(
      "check", "Examines the mappings of all landing folders.",
      discussion: """
        Each is held against the table's columns, and the headers of the folder's last file by name \
        against what the silver tables need.
        """
    ) { session in
      let lake = try session.lake()
      let graph = try session.graph()
      var found: [HeaderMapping] = []
      for table in graph.ordered {
        guard let source = table.landing,
          let mapping = try table.headerMapping(in: lake.landing)
        else { continue }
        try checkNewestFile(of: table, source, mapping, lake, columnHints(of: table, in: graph))
        found.append(mapping)
      }
      if session.json {
        try session.print(.array(found.map(\.json)))
      } else {
        try session.out.write("\(counted(found.count, "mapping")), no problems.\n")
        try session.out.flush()
      }
      return .done
    }
  }

  private func infer(_ session: Session) throws -> ExitStatus {
    let values = session.values
    let graph = try session.graph()
    let (table, source) = try landingTable(try values.string("table"), graph)
    let guess = try MappingGuess(
      session.sample(try values.string("file")), for: table,
      hints: columnHints(of: table, in: graph))
    let lake = try session.namedLake()
    let named = try values.stringIfGiven("to").map { try lake.place(ofFile: $0) }
    if let named, named.isLocal, try !named.store.isThere() {
      throw ScaffoldError.noFolder(named.store.address(""))
    }
    let place =
      named
      ?? FilePlace(
        lake.landing.folder(source.folder, rights: .ownerOnly, followsLinks: true),
        HeaderMapping.fileName)
    let target = place.address
    let isDry = try values.flag("dry-run")
    if !isDry { try guess.write(to: place, replacing: try values.flag("replace")) }
    try session.show(guess, target, isWritten: !isDry)
    guard guess.missing.isEmpty else {
      throw MappingIncomplete(
        error: MappingError(target, .missingColumns(guess.missing)), isWritten: !isDry)
    }
    return .done
  }

  /// Refuses a mapping by which the last file of its folder lacks a column that is needed.
  private func checkNewestFile(
    of table: Table, _ source: LandingSource, _ mapping: HeaderMapping, _ lake: Lake,
    _ hints: [String: ColumnHint]
  ) throws {
    let files = try lake.landing.listFolder(source.folder + "/").map(\.path).filter {
      !lastPathComponent($0).hasPrefix("_") && !lastPathComponent($0).hasPrefix(".")
        && (try? LandingFormat(fileName: lastPathComponent($0))) != nil
    }
    guard let file = files.max() else { return }
    let sample: SampleFile
    do { sample = try SampleFile(lake.landing, file) } catch is ScaffoldError { return }
    let headers = sample.columns.map(\.source)
    let missing = table.landingFields(mapping).compactMap { field -> MappingError.Need? in
      guard let table = hints[field.name]?.neededBy,
        !headers.contains(field.source), !headers.contains(field.otherwise ?? field.source)
      else { return nil }
      return MappingError.Need(
        field.name, for: table.description, meant: nearest(field.source, in: headers))
    }
    guard missing.isEmpty else {
      throw MappingError("landing/\(file)", .missingColumns(missing))
    }
  }

  /// A table that takes in files, by its name.
  private func landingTable(_ name: String, _ graph: Graph) throws -> (Table, LandingSource) {
    let takers = graph.ordered.filter { $0.landing != nil }
    guard let table = takers.first(where: { $0.name.description == name.lowercased() }),
      let source = table.landing
    else {
      throw WrongUsage(
        description: "'\(printable(name))' is no table that takes in files."
          + didYouMean(name, in: takers.map(\.name.description)))
    }
    return (table, source)
  }
}

extension Session {
  /// What the first rows of a file tell that is named by a path or as `s3://bucket/path`.
  func sample(_ path: String) throws -> SampleFile {
    guard S3Location.isMeant(path) else { return try SampleFile(path) }
    let place = try FilePlace(path)
    return try SampleFile(place.store, place.name)
  }
}

/// A mapping without headers for columns that are needed; the file may be there to be completed.
struct MappingIncomplete: Error, CustomStringConvertible {
  let error: MappingError
  let isWritten: Bool

  var description: String {
    "\(error)"
      + (isWritten ? " The mapping is written: complete it there." : " Nothing was written.")
  }
}
