internal import CADBC

/// One statement on a connection.
final class EngineStatement {
  let connection: EngineConnection
  let sql: String
  let handle: UnsafeMutablePointer<AdbcStatement>
  private var functions: AdbcDriver { connection.database.driver.functions.pointee }

  init(on connection: EngineConnection, sql: String) throws(EngineError) {
    self.connection = connection
    self.sql = sql
    handle = .allocate(capacity: 1)
    handle.initialize(to: AdbcStatement())
    var failure = CallError()
    let status =
      connection.database.driver.functions.pointee
      .StatementNew?(connection.handle, handle, &failure.raw) ?? 1
    if status != 0 { throw failure.take(sql: sql, status: status) }
  }

  deinit {
    var failure = CallError()
    _ = functions.StatementRelease?(handle, &failure.raw)
    handle.deallocate()
  }

  private func call(
    _ body: (AdbcDriver, UnsafeMutablePointer<AdbcError>) -> AdbcStatusCode?
  ) throws(EngineError) {
    var failure = CallError()
    let status = body(functions, &failure.raw) ?? 1
    if status != 0 { throw failure.take(sql: sql, status: status) }
  }

  func query() throws(EngineError) -> EngineResult {
    try call { $0.StatementSetSqlQuery?(handle, sql, $1) }
    let stream = UnsafeMutablePointer<ArrowArrayStream>.allocate(capacity: 1)
    stream.initialize(to: ArrowArrayStream())
    var affected: Int64 = -1
    do {
      try call { $0.StatementExecuteQuery?(handle, stream, &affected, $1) }
    } catch {
      stream.deallocate()
      throw error
    }
    return try EngineResult(statement: self, stream: stream)
  }

  func schema() throws(EngineError) -> [EngineField] {
    try call { $0.StatementSetSqlQuery?(handle, sql, $1) }
    try call { $0.StatementPrepare?(handle, $1) }
    var schema = ArrowSchema()
    try call { $0.StatementExecuteSchema?(handle, &schema, $1) }
    defer { if let release = schema.release { release(&schema) } }
    return try EngineField.children(of: schema)
  }

  func ingest(table: String, source: BatchStream) throws(EngineError) -> Int64 {
    let options = [
      ("adbc.ingest.target_table", table), ("adbc.ingest.mode", "adbc.ingest.mode.create"),
      ("adbc.ingest.temporary", "true"),
    ]
    for (name, value) in options {
      try call { $0.StatementSetOption?(handle, name, value, $1) }
    }
    var stream = source.export()
    // A driver that took the stream over has cleared its release.
    defer { if let release = stream.release { release(&stream) } }
    try call { $0.StatementBindStream?(handle, &stream, $1) }
    var affected: Int64 = -1
    try call { $0.StatementExecuteQuery?(handle, nil, &affected, $1) }
    return affected
  }
}
