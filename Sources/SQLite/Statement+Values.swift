internal import CSQLite

extension Statement {
  /// Hands the values over; SQLite keeps copies of its own.
  func bind(_ values: Bindings) throws(SQLiteError) {
    let count = Int(sqlite3_bind_parameter_count(handle))
    switch values {
    case .positional(let values):
      guard values.count == count else {
        throw .wrongCount(expected: count, given: values.count, sql: sql)
      }
      for (index, value) in values.enumerated() { try bind(Int32(index + 1), value) }
    case .named(let values):
      let names = (0..<count).map { parameterName(Int32($0 + 1)) }
      if let extra = values.keys.filter({ !names.contains($0) }).min() {
        throw .unknownParameter(extra, sql: sql)
      }
      for (index, name) in names.enumerated() {
        guard let value = values[name] else { throw .missingParameter(name, sql: sql) }
        try bind(Int32(index + 1), value)
      }
    }
  }

  /// Without the sign in front; empty for a `?`.
  private func parameterName(_ index: Int32) -> String {
    sqlite3_bind_parameter_name(handle, index).map { String(String(cString: $0).dropFirst()) } ?? ""
  }

  private func bind(_ index: Int32, _ value: DatabaseValue) throws(SQLiteError) {
    // The constant SQLITE_TRANSIENT, a cast that the importer cannot read.
    let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    let result: Int32
    switch value {
    case .null: result = sqlite3_bind_null(handle, index)
    case .integer(let value): result = sqlite3_bind_int64(handle, index, value)
    case .real(let value): result = sqlite3_bind_double(handle, index, value)
    case .text(var text):
      let utf8 = UInt8(SQLITE_UTF8)
      result = text.withUTF8 { bytes in
        // An empty text may have no address, which SQLite would take for NULL.
        guard let base = bytes.baseAddress, !bytes.isEmpty else {
          return sqlite3_bind_text64(handle, index, "", 0, copied, utf8)
        }
        return base.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
          sqlite3_bind_text64(handle, index, $0, UInt64(bytes.count), copied, utf8)
        }
      }
    case .blob(let bytes):
      result =
        bytes.isEmpty
        ? sqlite3_bind_zeroblob(handle, index, 0)
        : sqlite3_bind_blob64(handle, index, bytes, UInt64(bytes.count), copied)
    }
    guard result == SQLITE_OK else { throw database.failure(sql: sql, mayQuoteValues: true) }
  }

  /// The value of a column of the row that the statement stands on.
  func value(_ index: Int32) -> DatabaseValue {
    switch sqlite3_column_type(handle, index) {
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, index))
    case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, index))
    case SQLITE_TEXT:
      guard let start = sqlite3_column_text(handle, index) else { return .text("") }
      let count = Int(sqlite3_column_bytes(handle, index))
      return .text(
        String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
    case SQLITE_BLOB:
      guard let start = sqlite3_column_blob(handle, index) else { return .blob([]) }
      let count = Int(sqlite3_column_bytes(handle, index))
      return .blob(Array(UnsafeRawBufferPointer(start: start, count: count)))
    default: return .null
    }
  }
}
