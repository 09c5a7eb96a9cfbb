import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium
import Storage

/// Taking the rows of a person out of the tables of a lake, as it was planned.
package struct Erasure: Sendable {
  /// Its own id, which its commits carry.
  package let id: String
  package let keys: PersonKeys
  package let columns: PersonColumns
  /// The version that each table had before; none for a table that was not there.
  package let versions: [TableName: Int64]
  /// Landing files with records of the person, and the hash that their content had before.
  package let files: [String: Int64]

  package init(
    id: String, keys: PersonKeys, columns: PersonColumns, versions: [TableName: Int64],
    files: [String: Int64]
  ) {
    self.id = id
    self.keys = keys
    self.columns = columns
    self.versions = versions
    self.files = files
  }
}

/// What became of a table from which a person's rows were taken.
package struct ErasedTable: Hashable, Sendable {
  /// The newest version afterwards.
  package let version: Int64
  /// Why the next run computes it anew; nil where it is up to date as it was before.
  package let computedLater: String?
}

extension Runner {
  /// Takes a person's rows out of a table, and what is kept beside it, and brings what is computed of
  /// others up to date with their being gone.
  ///
  /// What it reads has been through this before. Done already, it changes nothing. Rows that leave in
  /// data files by deletion vectors are taken out of these. The caller holds the lake's lock.
  /// - Parameter asOf: the business date of a table that was not computed for any yet.
  /// - Returns: nil where there is no such table.
  package func forget(
    _ table: Table, _ erasure: Erasure, asOf: CivilDate
  ) throws -> ErasedTable? {
    guard lake.owns(.of(table)), try DeltaTable.exists(in: lake.store(.of(table))) else {
      return nil
    }
    var request = RunRequest(asOf: asOf)
    request.id = erasure.id
    request.kind = .forget
    request.asOf = try businessDate(of: table, else: asOf)
    let job = try TableJob(context(for: request), table)
    return try job.forget(erasure)
  }

  /// How many rows of a table, its quarantine and its deleted keys are the person's.
  package func count(
    _ table: Table, _ erasure: Erasure
  ) throws -> [(location: TableLocation, rows: Int64)] {
    guard lake.owns(.of(table)), try DeltaTable.exists(in: lake.store(.of(table))) else {
      return []
    }
    var request = RunRequest(asOf: CivilDate(daysSinceEpoch: 0))
    request.id = erasure.id
    let job = try TableJob(context(for: request), table)
    let places = try job.stageErased(erasure)
    defer { if let places { job.session.drop(table: places) } }
    return try table.places.compactMap { location in
      guard lake.owns(location) else { return nil }
      guard let state = try job.context.tables.snapshot(location, job.session),
        let condition = job.isOwn(erasure, state, places)
      else { return nil }
      let delta = job.context.tables.table(location, job.session)
      let relation = try DuckDBParquet(job.session).scan(delta.scan(state))
      let rows = try job.session.count(
        "SELECT count(*) FROM \(relation.name) AS target WHERE \(condition)")
      return (location, rows)
    }
  }
}

extension Table {
  /// Where its rows lie, and what is kept beside them.
  var places: [TableLocation] {
    query == nil ? [.of(self)] : [.quarantine(of: self), .tombstones(of: self), .of(self)]
  }

  /// The bronze tables from whose records its rows come one by one.
  package var origins: [Table] {
    var seen: Set<TableName> = []
    func origins(_ table: Table) -> [Table] {
      guard seen.insert(table.name).inserted else { return [] }
      return table.landing != nil ? [table] : table.newInputs.flatMap(origins)
    }
    return origins(self)
  }
}

extension TableJob {
  func forget(_ erasure: Erasure) throws -> ErasedTable {
    let places = try stageErased(erasure)
    defer { if let places { session.drop(table: places) } }
    var computedLater: String?
    switch table.origin {
    case .landing(let source): try eraseRecords(source, erasure)
    case .query(let query):
      for location in table.places.dropLast() { try erase(erasure, at: location, places) }
      do {
        if case .derived = table.write {
          computedLater = try followErased(query, erasure)
        } else {
          computedLater = try eraseRows(query, erasure, places)
        }
      } catch let error as StorageError where error.code == .diskFull {
        throw error
      } catch {
        // The rows go all the same. What they led to is told by computing the table anew.
        computedLater = RunError(error, of: table, context.lake).description
      }
      try erase(erasure, at: location, computedLater == nil ? nil : places)
    }
    for location in table.places { try purge(location) }
    return ErasedTable(version: try snapshot(table)?.version ?? 0, computedLater: computedLater)
  }

  /// Notes the files and lines of the person's records from which rows of this table come.
  /// - Returns: a temporary table; nil where rows come from no records.
  func stageErased(_ erasure: Erasure) throws -> String? {
    guard table.carriesOrigin, table.query != nil else { return nil }
    return try stageErased(table.origins, erasure)
  }

  /// Notes the files and lines of the person's records in some bronze tables.
  /// - Parameter alone: leaves out lines on which there are other records too.
  func stageErased(
    _ origins: [Table], _ erasure: Erasure, alone: Bool = false
  ) throws -> String? {
    let parts = try origins.compactMap { origin -> String? in
      guard let version = erasure.versions[origin.name], let owns = erasure.keys.owns(origin) else {
        return nil
      }
      let relation = try DuckDBParquet(session).scan(
        delta(of: origin).scan(state(of: origin, version: version)))
      let places = "SELECT DISTINCT \(TechnicalColumn.file), \(TechnicalColumn.line) FROM "
      let others = alone ? " EXCEPT \(places)\(relation.name) WHERE NOT \(owns)" : ""
      return "(\(places)\(relation.name) WHERE \(owns)\(others))"
    }
    guard !parts.isEmpty else { return nil }
    return try session.stage("erased", as: parts.joined(separator: " UNION "))
  }

  /// A condition that a row, of the alias `target`, is the person's; nil where none can be.
  func isErased(_ erasure: Erasure, _ state: Snapshot, _ places: String?) -> String? {
    if table.landing != nil { return erasure.keys.owns(table) }
    var parts: [String] = []
    if let names = erasure.columns.names(erasure.keys, in: table, state.schema.names) {
      parts.append(names)
    }
    if let places, state.schema[TechnicalColumn.file] != nil {
      parts.append(TableJob.stands("target", in: places))
    }
    return parts.isEmpty ? nil : parts.joined(separator: " OR ")
  }

  /// A condition for counting the person's rows: of others too may stand on the same lines, so columns
  /// that name the person decide where there are any.
  func isOwn(_ erasure: Erasure, _ state: Snapshot, _ places: String?) -> String? {
    guard table.landing == nil else { return erasure.keys.owns(table) }
    return erasure.columns.names(erasure.keys, in: table, state.schema.names)
      ?? isErased(erasure, state, places)
  }

  /// Deletes the person's rows at a place, whatever they lead to.
  private func erase(
    _ erasure: Erasure, at location: TableLocation, _ places: String?
  ) throws {
    guard context.lake.owns(location),
      let base = try context.tables.snapshot(location, session), !base.files.isEmpty,
      let condition = isErased(erasure, base, places)
    else { return }
    let delta = context.tables.table(location, session)
    let relation = try DuckDBParquet(session).scan(delta.scan(base))
    let rows = try session.count(
      "SELECT count(*) FROM \(relation.name) AS target WHERE \(condition)")
    guard rows > 0 else { return }
    try delete(condition, at: location, transaction("DELETE"))
  }

  /// Deletes the rows, as `target`, that satisfy a condition.
  func delete(
    _ condition: String, at location: TableLocation, _ transaction: Transaction
  ) throws {
    guard let base = try context.tables.snapshot(location, session) else { return }
    let delta = context.tables.table(location, session)
    // Without a source row all of the table are without a match.
    let nobody = try session.stage("nobody", as: base.schema.emptyQuery)
    defer { session.drop(table: nobody) }
    let result = try delta.merge(
      Relation(nobody), base, keys: base.schema.names.prefix(1).map(\.self),
      whenMatched: [.init(.keep)],
      whenNotMatchedBySource: [.init(.delete, when: condition)]
    ) { _ in transaction }
    context.tables.record(location, result.snapshot)
  }

  /// Takes rows that were deleted out of the data files at a place.
  private func purge(_ location: TableLocation) throws {
    guard context.lake.owns(location), let base = try context.tables.snapshot(location, session),
      base.files.values.contains(where: { $0.deletionVector != nil })
    else { return }
    let delta = context.tables.table(location, session)
    let after = try delta.purge(base, transaction: transaction("REORG")).snapshot
    context.tables.record(location, after)
  }
}
