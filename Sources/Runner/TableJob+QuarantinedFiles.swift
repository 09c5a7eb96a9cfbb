import Basics
import DeltaLake
import Engines
import Landing
import Lakehouse
import Podium

extension TableJob {
  private static let quarantinedFilesSchema = Schema([
    StructField("source", .string, metadata: comment("Landing folder.")),
    StructField("file", .string, metadata: comment("The file, relative to the landing zone.")),
    StructField("code", .string, metadata: comment("Kind of reason, one word.")),
    StructField("reason", .string, metadata: comment("Why the file could not be read.")),
    StructField("line", .long, metadata: comment("Physical line of the fault, where known.")),
    StructField("content_hash", .string, metadata: comment("Hash of the file's bytes.")),
    StructField(TechnicalColumn.run, .string, metadata: comment("Run that met the file.")),
    StructField(
      TechnicalColumn.quarantinedAt, .timestamp, metadata: comment("When that was, UTC.")),
  ])

  private static func comment(_ text: String) -> [JSON.Member] {
    [JSON.Member("comment", .string(text))]
  }

  /// Records files that could not be read, each once for its content; a file that changes is read
  /// again by the next run.
  func quarantineFiles(_ source: LandingSource, _ refused: [(LandingError, Int64)]) throws {
    guard !refused.isEmpty else { return }
    let location = TableLocation.quarantinedFiles
    let delta = context.tables.table(location, session)
    let now = context.lake.clock.now()
    let rows = refused.map { error, hash in
      let texts = [
        source.folder, error.file, error.code.rawValue, error.description,
      ].map(sqlLiteral)
      let line = error.place.map { String($0.line) } ?? "NULL"
      return "(\(texts.joined(separator: ", ")), \(line), \(sqlLiteral(String(hash, radix: 16))))"
    }
    let query = """
      SELECT *, \(sqlLiteral(context.run)) AS \(TechnicalColumn.run), \
      TIMESTAMPTZ '\(now.text(decimals: 6, separator: " ", zone: "+00"))' \
      AS \(TechnicalColumn.quarantinedAt) FROM (VALUES \(rows.joined(separator: ", "))) \
      AS v(source, file, code, reason, line, content_hash)
      """
    let base: Snapshot
    if let existing = try context.tables.snapshot(location, session) {
      base = existing
    } else {
      base = try createQuarantinedFiles(delta, location)
    }
    var transaction = transaction("WRITE", blindAppend: true)
    transaction.actions = refused.map { error, hash in
      .txn(LandingProgress.mark(error.file, hash, at: now))
    }
    let result = try delta.append(Relation("(\(query))"), base, transaction: transaction)
    context.tables.record(location, result.snapshot)
  }

  /// Several tables of a run may need the first quarantined file at the same time; one creates the
  /// table, the others find it.
  private func createQuarantinedFiles(
    _ delta: DeltaTable, _ location: TableLocation
  ) throws -> Snapshot {
    try context.lake.store(location).createFolder("")
    let metadata = Metadata(
      id: randomUUID(), name: location.name,
      description: "Landing files that could not be read, with the reasons.",
      schema: TableJob.quarantinedFilesSchema,
      createdTime: context.lake.clock.now().milliseconds)
    do {
      return try delta.create(metadata, transaction: transaction("CREATE TABLE"))
    } catch DeltaError.conflict {
      return try delta.snapshot()
    }
  }
}
