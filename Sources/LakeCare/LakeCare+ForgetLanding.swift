import Basics
import DeltaLake
import Engines
import Landing
import Lakehouse
import Podium
import Runner
import Storage

/// The landing zone as one who looks for a person has to look through it.
struct PersonLanding {
  /// Files whose records are not in bronze, and these.
  var pending: [(table: Table, file: LandingContent, records: [[String?]])] = []
  /// Files whose records stand in bronze, with the hash of their content.
  var taken: [(table: Table, file: LandingContent, hash: Int64)] = []
  /// Files of which no records can be had.
  var unreadable: [String] = []
}

extension LakeCare {
  /// Looks through the landing folders of tables that identify something, and what lies outside of all.
  func landing() throws -> PersonLanding {
    var landing = PersonLanding()
    var known: Set<String> = []
    for table in graph.ordered {
      guard table.landing != nil else { continue }
      for file in try runner(lake.production).landingContents(of: table) {
        known.insert(file.path)
        guard !table.identifying.isEmpty else { continue }
        switch file.fate {
        case .taken(let hash): landing.taken.append((table, file, hash))
        case .refused: landing.unreadable.append(file.path)
        case .pending:
          let read = Result { () throws(LandingError) in try self.records(of: file.path, table) }
          if case .success(let records) = read {
            landing.pending.append((table, file, records))
          } else {
            landing.unreadable.append(file.path)
          }
        }
      }
    }
    // What no table takes in, hidden files too.
    landing.unreadable += try lake.landing.list("").map(\.path).filter { !known.contains($0) }
    return landing
  }

  private func records(of file: String, _ table: Table) throws(LandingError) -> [[String?]] {
    let fields = table.landingFields
    let reader = LandingFileReader(store: lake.landing, file: file, fields: fields)
    var records: [[String?]] = []
    while let batch = try reader.next() {
      for row in 0..<batch.rows {
        records.append(fields.indices.map { batch.columns[$0].text(row) })
      }
    }
    return records
  }

  /// The landing files with records of the person.
  func files(_ search: PersonSearch, _ landing: PersonLanding) throws -> [Forgetting.File] {
    var files: [Forgetting.File] = []
    var counts: [String: Int64] = [:]
    for rows in search.rows {
      guard let owns = search.keys.owns(rows.table) else { continue }
      let found = try search.session.connection.query(
        "SELECT \(TechnicalColumn.file), count(*) FROM \(rows.name) WHERE \(owns) GROUP BY 1"
      ).rows()
      for row in found {
        guard let path = row[0].string else { continue }
        // Environments hold the same records.
        counts[path] = max(counts[path] ?? 0, row[1].int ?? 0)
      }
    }
    for (table, file, hash) in landing.taken {
      // Of rows that were kept for a time alone, the file may hold more than bronze does.
      let records =
        table.retention == nil
        ? counts[file.path] ?? 0
        : Int64(
          (try? self.records(of: file.path, table))?.count {
            search.keys.own($0, of: table)
          } ?? 0)
      guard records > 0 else { continue }
      files.append(.init(path: file.path, bytes: file.size, hash: hash, records: records))
    }
    for (table, file, records) in landing.pending {
      let own = Int64(records.count { search.keys.own($0, of: table) })
      guard own > 0 else { continue }
      let hash = try lake.landing.contentHash(file.path).value
      files.append(.init(path: file.path, bytes: file.size, hash: hash, records: own))
    }
    return files.sorted { $0.path < $1.path }
  }

  /// Rewrites the landing files without the person's records; those done already stay as they are.
  func rewriteLanding(_ plan: Forgetting) throws {
    let bySource = Dictionary(
      graph.ordered.compactMap { table in table.landing.map { ($0.folder, table) } }
    ) { first, _ in first }
    for file in plan.files {
      let folder = bySource.keys.filter { file.path.hasPrefix($0 + "/") }.max {
        $0.count < $1.count
      }
      guard let table = folder.flatMap({ bySource[$0] }),
        try lake.landing.info(file.path) != nil
      else { continue }
      try step("landing file")
      let erasure = try LandingErasure(lake.landing, file.path, fields: table.landingFields) {
        plan.keys.own($0, of: table)
      }
      if let erasure { try lake.landing.put(file.path, erasure.bytes) }
    }
    guard plan.removesUnreadable else { return }
    for path in plan.unreadable {
      try step("unreadable file")
      try lake.landing.delete(path)
    }
  }
}

extension Table {
  /// The fields of its landing files, in the order of its columns.
  fileprivate var landingFields: [LandingField] {
    columns.map { LandingField($0.name, source: $0.source) }
  }
}
