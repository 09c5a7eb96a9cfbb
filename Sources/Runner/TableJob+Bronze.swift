import Basics
import DeltaLake
import Engines
import Landing
import Lakehouse
import Podium
import Storage

/// What became of a landing folder's files in one run.
public struct FileReport: Hashable, Sendable {
  /// Files taken in.
  public internal(set) var taken = 0
  /// Bytes of them.
  public internal(set) var bytes: Int64 = 0
  /// Files that could not be read, and why.
  public internal(set) var quarantined: [LandingError] = []
  /// Files taken in before that have other content now.
  public internal(set) var changed: [String] = []
  /// Files that were written to while they were read; the next run takes them.
  public internal(set) var unsettled: [String] = []
  /// What is worth knowing of the files taken in, with the file.
  public internal(set) var notes: [FileNote] = []
  /// New files of other days than those that the run takes in; they wait.
  public internal(set) var heldBack = 0
  /// What is worth knowing of the mapping of headers by which files are read; nil where nothing is.
  public internal(set) var mapping: String?
  /// When the files taken in arrived, and when their rows were committed.
  public internal(set) var arrivals: [Arrival] = []

  /// A file that was taken in.
  public struct Arrival: Hashable, Sendable {
    public let file: String
    /// When it was last written.
    public let arrived: Timestamp
    /// When its rows were committed to bronze.
    public let committed: Timestamp
  }

  /// A remark on a file.
  public struct FileNote: Hashable, Sendable {
    public let file: String
    public let note: LandingNote
  }
}

extension TableJob {
  /// Takes in the new files of the table's landing folder.
  ///
  /// Files are taken a few hundred megabytes at a time, each lot in one commit that carries a
  /// progress mark for each file. A crash loses at most the work on one lot, never a row.
  func takeFiles(
    _ source: LandingSource, _ plan: LandingPlan, cache: any LandingCache
  ) throws -> (JobResult, FileReport) {
    var base = try snapshot(table) ?? create()
    base = try extendSchema(base)
    var report = FileReport(plan)
    let mapping = try plan.new.isEmpty ? nil : plan.mapping?.mapping.get()
    var refused = plan.unreadable.map { ($0.error, LandingProgress.hashOfUnreadable($0.error)) }
    var counts = RowCounts()
    for lot in TableJob.lots(plan.new) {
      let outcome = try takeLot(lot, base, mapping, &report, cache)
      refused += outcome.refused
      counts.read += outcome.read
      counts.inserted += outcome.rows
      counts.filtered += outcome.read - outcome.rows
      base = outcome.snapshot
    }
    let told = refused.filter { plan.recorded[$0.0.file] != $0.1 }
    if !told.isEmpty { try step(.quarantine) { try quarantineFiles(source, told) } }
    report.quarantined = refused.map(\.0)
    let result = JobResult(
      counts: counts, failures: [], version: base.version, rows: base.rowCount)
    return (result, report)
  }

  /// Looks through the table's landing folder; no engine is needed.
  static func scan(
    _ table: Table, _ source: LandingSource, _ context: RunContext, cache: any LandingCache
  ) throws -> LandingPlan {
    let taken = try context.state(.of(table))
    let progress = LandingProgress(
      taken: taken, quarantined: try context.state(.quarantinedFiles))
    var plan = try LandingScan(
      landing: context.lake.landing, folder: source.folder, progress: progress, cache: cache
    ).plan()
    if let subset = context.subset {
      let before = plan.new.count
      plan.new.removeAll { !subset.includes(Subset.day(of: $0)) }
      plan.heldBack = before - plan.new.count
    }
    plan.mapping = MappingState(table, source, context.lake.landing, taken: taken)
    return plan
  }

  private static let lotBytes: Int64 = 384 << 20

  /// Files in lots of about the same number of uncompressed bytes.
  private static func lots(_ files: [LandingFile]) -> [[LandingFile]] {
    var lots: [[LandingFile]] = []
    var bytes: Int64 = 0
    for file in files {
      let compressed = file.path.hasSuffix(".gz") || file.path.hasSuffix(".lz4")
      let size = compressed ? file.size.multipliedReportingOverflow(by: 5).partialValue : file.size
      if lots.isEmpty || bytes + size > lotBytes {
        lots.append([])
        bytes = 0
      }
      lots[lots.count - 1].append(file)
      bytes += size
    }
    return lots
  }

  private struct LotOutcome {
    let snapshot: Snapshot
    /// Records of the files.
    let read: Int64
    /// Rows that were taken in.
    let rows: Int64
    let refused: [(LandingError, Int64)]
  }

  private func takeLot(
    _ lot: [LandingFile], _ base: Snapshot, _ mapping: HeaderMapping?,
    _ report: inout FileReport, _ cache: any LandingCache
  ) throws -> LotOutcome {
    try context.engine.reads(bytes: lot.reduce(0) { $0 &+ $1.size })
    let fields = table.landingFields(mapping)
    let reader = LandingReader(
      store: context.lake.landing, files: lot.map(\.path), fields: fields, workers: 2)
    let staged = session.temporaryName("landing")
    try step(.read) {
      _ = try session.connection.ingest(staged, columns: LandingColumns.all(for: fields)) {
        reader.next()
      }
    }
    defer { session.drop(table: staged) }
    var taken: [(number: Int, path: String)] = []
    var refused: [(LandingError, Int64)] = []
    var transaction = transaction("WRITE", blindAppend: true)
    let now = context.lake.clock.now()
    var read: Int64 = 0
    for (number, (file, outcome)) in zip(lot, reader.outcomes).enumerated() {
      if case .failure(let error) = outcome.result, error.isRefusedBySystem {
        refused.append((error, LandingProgress.hashOfUnreadable(error)))
        continue
      }
      let after = try context.lake.landing.info(file.path)
      guard after?.size == file.size, after?.modified == file.modified else {
        report.unsettled.append(file.path)
        continue
      }
      switch outcome.result {
      case .success(let summary):
        transaction.actions.append(
          .txn(LandingProgress.mark(file.path, summary.content.value, at: now)))
        cache.remember(file, summary.content.value)
        taken.append((number, file.path))
        read += summary.records
        report.taken += 1
        report.bytes += summary.content.size
        report.notes += summary.notes.map { FileReport.FileNote(file: file.path, note: $0) }
      case .failure(let error):
        let hash = try? context.lake.landing.contentHash(file.path).value
        if let hash { cache.remember(file, hash) }
        refused.append((error, hash ?? LandingProgress.hashOfUnreadable(error)))
      }
    }
    guard !transaction.actions.isEmpty else {
      return LotOutcome(snapshot: base, read: 0, rows: 0, refused: refused)
    }
    transaction.note(mapping, try context.state(.of(table)), now.milliseconds)
    let date = now.date.description
    let query = bronzeQuery(staged, taken, now, date, try sampled())
    let isSampled = context.subset?.sample?.part(of: table) != nil
    let rows = isSampled ? try session.count("SELECT count(*) FROM (\(query)) AS r") : read
    transaction.metrics = ["podium.rows.read": String(read), "podium.rows.inserted": String(rows)]
    let result = try step(.write, rows: { _ in rows }) {
      try delta.append(
        Relation("(\(query))"), base,
        transaction: transaction, expected: rows,
        constant: (
          "\(TechnicalColumn.ingestDate)=\(date)", [TechnicalColumn.ingestDate: .some(date)]
        ))
    }
    context.tables.record(location, result.snapshot)
    let committed = context.lake.clock.now()
    report.arrivals += taken.map { number, path in
      FileReport.Arrival(file: path, arrived: lot[number].modified, committed: committed)
    }
    return LotOutcome(snapshot: result.snapshot, read: read, rows: rows, refused: refused)
  }

  private func bronzeQuery(
    _ staged: String, _ files: [(number: Int, path: String)], _ now: Timestamp, _ date: String,
    _ condition: String?
  ) -> String {
    let names =
      table.columns.map(\.name) + [
        TechnicalColumn.rescued, TechnicalColumn.file, TechnicalColumn.line,
      ]
    let others = undeclared.map(\.nullColumn)
    let constants = [
      "\(sqlLiteral(context.run)) AS \(TechnicalColumn.run)",
      "\(now.sql) AS \(TechnicalColumn.ingestedAt)",
      "DATE '\(date)' AS \(TechnicalColumn.ingestDate)",
    ]
    let paths = files.map { "(\($0.number), \(sqlLiteral($0.path)))" }.joined(separator: ", ")
    return """
      SELECT \((names.map(sqlName) + others + constants).joined(separator: ", ")) FROM \(staged) AS sent \
      JOIN (VALUES \(paths)) AS f(number, \(TechnicalColumn.file)) \
      ON f.number = \(LandingColumns.file)\(condition.map { " WHERE \($0)" } ?? "")
      """
  }

  /// Columns of the stored table that the declaration no longer has.
  private var undeclared: [StructField] {
    guard let known = try? snapshot(table) else { return [] }
    let declared = Set(table.storedSchema.names)
    return known.schema.fields.filter { !declared.contains($0.name) }
  }

  /// Lets in fields that the declaration gained: their column is NULL in the rows so far.
  ///
  /// A field that it lost keeps its column.
  private func extendSchema(_ base: Snapshot) throws -> Snapshot {
    let gained = TableJob.gained(table, base.schema)
    guard !gained.isEmpty else { return base }
    var metadata = base.metadata.with(Schema(base.schema.fields + gained))
    metadata.description = table.about
    var transaction = transaction("ADD COLUMNS")
    transaction.actions = base.actions(for: metadata)
    let after = try delta.commit(transaction, on: base)
    context.tables.record(location, after)
    return after
  }

  /// Declared fields that a stored schema does not have.
  static func gained(_ table: Table, _ schema: Schema) -> [StructField] {
    let known = Set(schema.names)
    return table.storedSchema.fields.filter { !known.contains($0.name) }
  }
}

extension LandingError {
  /// True where the system did not hand out the bytes of a file that is there.
  ///
  /// It may be a pipe, or the disk failed. Nothing is known of its content then, so the next run may
  /// try again.
  fileprivate var isRefusedBySystem: Bool {
    guard case .unreadable(let error) = reason else { return false }
    return error.code != .notFound
  }
}

extension FileReport {
  /// The report of a folder from which nothing was read.
  init(_ plan: LandingPlan) {
    changed = plan.changed.map(\.path)
    mapping = plan.mapping?.remark
    heldBack = plan.heldBack
  }
}
