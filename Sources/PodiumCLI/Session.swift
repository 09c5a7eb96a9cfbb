import ArgumentParsing
import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium
import Rendering
import Runner
import Storage

/// What a command has at hand: the project, the lake, and where its words go.
///
/// For the main thread.
final class Session {
  let project: Project
  let values: ArgumentValues
  let out = OutputStream.standardOutput()
  let errors = OutputStream.standardError()
  let settings: Settings
  /// True if standard output is to be JSON alone.
  let json: Bool
  let verbose: Bool
  /// The folder or place in a bucket that `--lake` or the environment names.
  let lakePath: String
  /// The environment that `--env` or `PODIUM_ENV` names; nil for production.
  let environmentName: String?

  init(_ project: Project, _ values: ArgumentValues) throws {
    self.project = project
    self.values = values
    settings = try Settings()
    json = try values.flag("json")
    verbose = try values.flag("verbose")
    let named = try values.stringIfGiven("lake")
    guard named != "" else {
      throw WrongUsage(description: "--lake names no folder; leave it out, or name one.")
    }
    lakePath = named ?? settings.lake ?? "./lake"
    environmentName = try values.stringIfGiven("env") ?? environment("PODIUM_ENV")
    CommandHint.isCalled(
      project.name, options: given("lake"), environment: given("env"))
    if let name = environmentName, !LakeEnvironment.isName(name) {
      throw WrongUsage(
        description:
          "'\(printable(name))' is no name of an environment: lower-case letters, digits "
          + "and underscores, and not what a folder of the lake is called.")
    }
  }

  /// The lake, which need not exist yet.
  func namedLake() throws -> Lake { try Lake(at: lakePath, landing: settings.landing) }

  /// The lake, which must exist, as the environment sees it.
  func lake() throws -> Lake {
    let lake = try namedLake().entered()
    // Where the sources' files are elsewhere, the first run makes the lake.
    guard try lake.exists() || !lake.holdsLanding && lake.landing.isThere() else {
      throw LakeError.missing(lake.root)
    }
    try warnOfHalfDone(lake)
    return try inEnvironment(lake)
  }

  func graph() throws -> Graph { try Graph(project.tables) }

  /// The tables of a lake, those included that others read and the project does not list.
  func catalog(_ lake: Lake) throws -> Catalog { Catalog(lake: lake, tables: try graph().ordered) }

  /// The terminal that standard error leads to, if it does.
  var errorTerminal: Terminal { Terminal.detect(descriptor: 2) }

  /// A line for people, on standard error.
  func say(_ line: String) {
    try? errors.write(line + "\n")
    try? errors.flush()
  }

  /// A line that somebody should look at.
  func warn(_ line: String) {
    say(errorTerminal.message("warning:", .yellow, line))
  }

  /// One JSON value as the whole of standard output.
  func print(_ json: JSON) throws { try out.print(json) }

  /// A sentence on standard output, in lines of the terminal's width.
  func print(sentence: String, indent: Int = 0) throws {
    var terminal = Terminal.detect(descriptor: 1)
    terminal.width = terminal.width.map { max(1, $0 - indent) }
    let margin = String(repeating: " ", count: indent)
    for line in terminal.sentence(sentence).split(separator: "\n") {
      try out.write("\(margin)\(line)\n")
    }
  }

  /// Rows as a table, or as JSON where that was asked for.
  func print(_ columns: [ResultColumn], _ rows: [[Value]]) throws {
    let printer = ResultPrinter(
      columns, as: json ? .json : .table, to: out, style: .standardOutput(rowLimit: nil))
    for row in rows { try printer.write(row) }
    try printer.finish()
  }

  /// What a query reads of each table and what it passes over, for `--verbose`.
  func explain(_ scans: [QueryTables.TableScan]) {
    for scan in scans { explain(scan.name, scan.files) }
  }

  /// What is read of a table and what is passed over, for `--verbose`.
  func explain(_ table: String, _ files: PrunedFiles) {
    guard verbose else { return }
    say(
      "read: \(printable(table)), \(grouped(files.files.count)) of "
        + "\(counted(files.files.count + files.skippedFiles, "file")), \(bytesText(files.bytes)) of "
        + bytesText(files.bytes + files.skippedBytes))
  }

  /// How an engine that was needed is set up, for `--verbose`.
  func explain(_ engine: EngineProvider) {
    guard verbose, let settings = engine.running else { return }
    say(
      "engine: DuckDB from \(settings.library), \(settings.threads) threads, at most "
        + "\(bytesText(settings.memoryLimit)) of memory"
        + (settings.spillFolder.map { ", spilling to \($0)" } ?? ""))
  }
}

/// How a command ends, as its exit status.
enum ExitStatus: Int32 {
  case done = 0
  /// A table did not commit, or the work could not be done.
  case failed = 1
  /// The command line, a name or an SQL text is wrong.
  case usage = 2
}
