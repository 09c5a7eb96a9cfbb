import ArgumentParsing
import Basics
import DeltaLake
import Engines
import LakeCare
import Lakehouse
import Landing
import Podium
import Rendering
import Runner
import SQLite
import Serving
import Storage

/// An error on its way to the user: words on standard error, facts as JSON where asked for.
struct Report {
  let error: any Error
  let name: String
  let session: Session?
  /// True if the error is to be told as JSON too.
  let json: Bool

  /// An error of a command that was at work.
  init(_ error: any Error, session: Session) {
    self.error = error
    name = session.project.name
    self.session = session
    json = session.json
  }

  /// An error in the words of the command line, before there was a command.
  init(_ error: any Error, name: String, words: [String]) {
    self.error = error
    self.name = name
    session = nil
    json = words.asksForJSON
  }

  /// Prints the error and gives the exit status that it means.
  func print() -> Int32 {
    if case OutputError.readerGone? = error as? OutputError { return ExitStatus.done.rawValue }
    let terminal = Terminal.detect(descriptor: 2)
    let stream = OutputStream.standardError()
    try? stream.write(terminal.message("error:", .red, words) + "\n")
    try? stream.flush()
    if json {
      let facts: JSON = ["error": ["code": .string(code), "message": .string(words)]]
      try? (session?.out ?? OutputStream.standardOutput()).print(facts)
    }
    return status.rawValue
  }

  /// True if the work could not be done, false if it was asked for wrongly.
  var isFailure: Bool { status == .failed }

  private var words: String {
    switch error {
    case LakeError.missing(let path):
      "there is no lake at \(path). Put files into \(path)/landing"
        + (session?.project.generator == nil
          ? "" : " or type \(CommandHint.command("generate"))")
        + ", then type \(CommandHint.command("run"))."
    case let error as any CustomStringConvertible: error.description
    default: "\(error)"
    }
  }

  private var code: String {
    switch error {
    case is ArgumentError: "usage"
    case is SettingError: "setting"
    case is LedgerDamage: "ledger"
    case is UnknownSelector, is UnknownTable: "unknown-table"
    case is UnknownColumn: "unknown-column"
    case is GraphError, is Problem: "declaration"
    case is LakeError: "lake"
    case is DeltaError: "delta"
    case let error as EngineError where error.isOfEngine: "engine"
    case is EngineError, is QueryRefused: "sql"
    case is StorageError: "storage"
    case is RollbackError: "rollback"
    case is ForgetError: "forget"
    case is HalfDone: "half-done"
    case is WrongUsage: "usage"
    case is BackupError: "backup"
    case is EnvironmentError: "environment"
    case is ExportError: "export"
    case is MappingError, is MappingIncomplete: "mapping"
    case is SubsetError: "subset"
    case let error as RunError: error.code
    default: "failed"
    }
  }

  private var status: ExitStatus {
    switch error {
    case is ArgumentError, is UnknownSelector, is UnknownTable, is UnknownColumn, is QueryRefused,
      is WrongUsage, is SettingError, is SubsetError:
      return .usage
    case let error as PublishError:
      if case .noGoldTable = error { return .failed }
      return .usage
    case RollbackError.unknownRun, RollbackError.severalRuns: return .usage
    case BackupError.notLocal, BackupError.notABackup, BackupError.noBackup, BackupError.insideLake,
      BackupError.notEmpty,
      BackupError.noPoint, BackupError.unknownPoint, BackupError.severalPoints:
      return .usage
    case EnvironmentError.unknown, ForgetError.unknown: return .usage
    case ExportError.exists, ExportError.insideLake, ExportError.onlyPersonal: return .usage
    case let error as BackfillError:
      switch error {
      case .missing, .declarationChanged: return .failed
      default: return .usage
      }
    case let error as LakeError:
      switch error {
      case .locked, .closed, .fixed, .lockLost, .unconditionalWrites: return .failed
      case .notAFolder, .missing, .notALake, .unreachable: return .usage
      }
    case let error as DeltaError:
      switch error {
      case .notATable, .noSuchVersion: return .usage
      default: return .failed
      }
    default: return .failed
    }
  }
}

/// A name that is no table of the project or the lake.
struct UnknownTable: Error, CustomStringConvertible {
  let name: String
  let known: [String]
  let tool: String

  var description: String {
    let near = didYouMean(name, in: known)
    return "there is no table '\(name)'.\(near)"
      + (near.isEmpty ? " \(CommandHint.command("tables")) lists them." : "")
  }
}

extension Catalog {
  /// The table of a name, whether it exists in the lake or not.
  func entry(_ name: String, tool: String) throws(UnknownTable) -> Entry {
    let entries = allEntries
    guard let entry = entries.first(where: { $0.location.name == name.lowercased() }) else {
      throw UnknownTable(name: name, known: entries.map(\.location.name), tool: tool)
    }
    return entry
  }
}

/// A statement that `sql` does not run, or that the engine did not understand.
struct QueryRefused: Error, CustomStringConvertible {
  let description: String
}

/// A command line whose parts do not fit together, in words.
struct WrongUsage: Error, CustomStringConvertible {
  let description: String
}

extension [String] {
  /// True if `--json` stands among the words of a command line, before `--`.
  var asksForJSON: Bool { prefix { $0 != "--" }.contains("--json") }
}

extension OutputStream {
  /// One JSON value on lines of its own.
  func print(_ json: JSON) throws(OutputError) {
    try write { json.write(to: &$0) }
    try write("\n")
    try flush()
  }
}
