import Basics
internal import CSQLite

extension SQLiteCode {
  /// The reason for an extended result code.
  init(_ extended: Int32) {
    switch extended & 0xFF {
    case SQLITE_BUSY, SQLITE_LOCKED: self = .busy
    case SQLITE_CONSTRAINT: self = .constraint(Constraint(extended >> 8))
    case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH: self = .cannotOpen
    case SQLITE_READONLY: self = .readOnly
    case SQLITE_FULL: self = .diskFull
    case SQLITE_IOERR: self = .inputOutput
    case SQLITE_NOTADB: self = .notADatabase
    case SQLITE_CORRUPT: self = .corrupt
    case SQLITE_NOMEM: self = .outOfMemory
    case SQLITE_TOOBIG: self = .tooBig
    case SQLITE_INTERRUPT: self = .interrupted
    case SQLITE_ERROR: self = .statement
    default: self = .other
    }
  }
}

extension SQLiteCode.Constraint {
  /// The rule for the upper bits of an extended code, which C writes as `base | (n << 8)`.
  init(_ number: Int32) {
    switch number {
    case 1: self = .check
    case 3: self = .foreignKey
    case 5: self = .notNull
    case 6: self = .primaryKey
    case 8, 10: self = .unique
    default: self = .other
    }
  }
}

extension SQLiteError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .failed(let failure): failure.description
    case .wrongCount(let expected, let given, let sql):
      "The statement needs \(expected) values and was given \(given): \(oneLine(sql))"
    case .unknownParameter(let name, let sql):
      "The statement has no parameter ':\(name)': \(oneLine(sql))"
    case .missingParameter("", let sql):
      "The statement has a '?' but its values are given by name: \(oneLine(sql))"
    case .missingParameter(let name, let sql):
      "The statement's parameter ':\(name)' has no value: \(oneLine(sql))"
    case .notOneStatement(let sql): "This is not one statement: \(oneLine(sql))"
    case .statementRunning(let sql):
      "The statement is still giving rows and cannot run again: \(oneLine(sql))"
    case .nulInText: "A path or a statement holds the character 0."
    case .noColumn(let name, let near):
      "The result has no column '\(name)'.\(didYouMean(near))"
    case .wrongKind(let column, let expected, let found):
      "Column '\(column)' holds \(found.rawValue) where \(expected.rawValue) was expected."
    case .newerVersion(let found, let known, let path):
      """
      '\(path)' has schema version \(found), and this program knows versions up to \(known). \
      Use the program that wrote it, or a newer one.
      """
    case .migrationsOutOfOrder(let versions):
      "The migrations have the versions \(versions); they must be 1, 2, 3 and so on."
    }
  }
}

extension Failure: CustomStringConvertible {
  public var description: String {
    let what = sql.isEmpty ? "" : " Statement: \(oneLine(sql))"
    return "'\(path)': \(message) (SQLite code \(resultCode)).\(advice)\(what)"
  }

  private var advice: String {
    switch code {
    case .busy: " Another program is writing to it; try again."
    case .cannotOpen: " Check that the folder exists and may be read and written."
    case .readOnly: " It was opened for reading, or its file may not be written."
    case .diskFull: " Make room on the disk and try again."
    case .inputOutput: " Look at the disk and at the limit of file sizes, and try again."
    case .notADatabase: " The path leads to another kind of file: move it away."
    case .corrupt: " Restore it from a backup, or remove it so that it is made anew."
    default: ""
    }
  }
}

/// A statement with its white space folded, at most 200 characters.
private func oneLine(_ sql: String) -> String {
  let words = sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  return words.count <= 200 ? words : words.prefix(199) + "…"
}
