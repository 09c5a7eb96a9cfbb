internal import CADBC

/// The result of a query, read once from its first batch to its last.
public final class EngineResult {
  /// The columns, in order.
  public let fields: [EngineField]
  private let statement: EngineStatement
  private let stream: UnsafeMutablePointer<ArrowArrayStream>
  private var ended = false

  init(
    statement: EngineStatement, stream: UnsafeMutablePointer<ArrowArrayStream>
  ) throws(EngineError) {
    self.statement = statement
    self.stream = stream
    do { fields = try EngineResult.fields(of: stream, statement.sql) } catch {
      // An object that was never whole has no deinit.
      EngineResult.giveBack(stream)
      throw error
    }
  }

  deinit { EngineResult.giveBack(stream) }

  private static func giveBack(_ stream: UnsafeMutablePointer<ArrowArrayStream>) {
    if let release = stream.pointee.release { release(stream) }
    stream.deallocate()
  }

  private static func fields(
    of stream: UnsafeMutablePointer<ArrowArrayStream>, _ sql: String
  ) throws(EngineError) -> [EngineField] {
    var schema = ArrowSchema()
    guard let getSchema = stream.pointee.get_schema, getSchema(stream, &schema) == 0 else {
      throw failure(stream, sql)
    }
    defer { if let release = schema.release { release(&schema) } }
    return try EngineField.children(of: schema)
  }

  private static func failure(
    _ stream: UnsafeMutablePointer<ArrowArrayStream>, _ sql: String
  ) -> EngineError {
    let text =
      stream.pointee.get_last_error?(stream).map { String(cString: $0) }
      ?? "the engine gave no reason"
    return EngineError(
      SparkMessage.code(text, vendor: 0) ?? CallError.code(of: text), text, sql: sql)
  }

  /// The next batch; nil at the end, however often it is asked for.
  public func next() throws(EngineError) -> EngineBatch? {
    // A stream that has ended answers a further call with an error.
    guard !ended else { return nil }
    let array = UnsafeMutablePointer<ArrowArray>.allocate(capacity: 1)
    array.initialize(to: ArrowArray())
    guard let getNext = stream.pointee.get_next, getNext(stream, array) == 0 else {
      array.deallocate()
      throw EngineResult.failure(stream, statement.sql)
    }
    guard array.pointee.release != nil else {
      array.deallocate()
      ended = true
      return nil
    }
    return EngineBatch(fields: fields, array: array)
  }

  /// All rows as values; for results known to be small.
  public func rows() throws(EngineError) -> [[Value]] {
    var rows: [[Value]] = []
    while let batch = try next() {
      for row in 0..<batch.rows { rows.append(batch.columns.map { $0.value(row) }) }
    }
    return rows
  }
}

/// Some rows of a result, in Arrow's layout.
public final class EngineBatch {
  /// Rows in the batch.
  public let rows: Int
  /// The columns, in the order of the result's fields.
  public private(set) var columns: [EngineColumn] = []
  private let array: UnsafeMutablePointer<ArrowArray>

  init(fields: [EngineField], array: UnsafeMutablePointer<ArrowArray>) {
    self.array = array
    rows = Int(array.pointee.length)
    for (index, field) in fields.enumerated() {
      guard let child = array.pointee.children?[index] else { continue }
      columns.append(EngineColumn(field: field, array: child, keptBy: self))
    }
  }

  deinit {
    if let release = array.pointee.release { release(array) }
    array.deallocate()
  }
}
