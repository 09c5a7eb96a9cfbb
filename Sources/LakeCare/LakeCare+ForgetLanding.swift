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
  /// A file whose records stand in bronze.
  struct Taken {
    let table: Table
    let file: LandingContent
    /// Hash of its content.
    let hash: Int64
    /// By which headers it is read now.
    let fields: [LandingField]
    /// True if it may have been taken in by other headers.
    let isRemapped: Bool
  }

  /// Files whose records are not in bronze, and these.
  var pending: [(table: Table, file: LandingContent, records: [[String?]])] = []
  var taken: [Taken] = []
  /// Files of which no records can be had.
  var unreadable: [String] = []
}

extension LakeCare {
  /// Looks through the landing folders of tables that identify something, and what lies outside of all.
  func landing() throws -> PersonLanding {
    var landing = PersonLanding()
    var known: Set<String> = []
    for table in graph.ordered {
      guard let folder = try runner(lake.production).landingFolder(of: table) else { continue }
      known.formUnion(folder.files.map(\.path))
      guard !table.identifying.isEmpty else { continue }
      let fields = table.landingFields(folder.mapping)
      for file in folder.files {
        switch file.fate {
        case .taken(let hash):
          landing.taken.append(
            PersonLanding.Taken(
              table: table, file: file, hash: hash, fields: fields,
              isRemapped: folder.isRemapped))
        case .refused: landing.unreadable.append(file.path)
        case .pending:
          let read = Result { () throws(LandingError) in try self.records(of: file.path, fields) }
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

  private func records(
    of file: String, _ fields: [LandingField]
  ) throws(LandingError) -> [[String?]] {
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
  /// - Returns: those that can be read, and the paths of those whose records are not all found by the
  ///   headers by which the folder is read now.
  func files(
    _ search: PersonSearch, _ landing: PersonLanding
  ) throws -> (files: [Forgetting.File], unread: [String]) {
    var files: [Forgetting.File] = []
    var unread: [String] = []
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
    for taken in landing.taken {
      let table = taken.table
      let file = taken.file
      var records = counts[file.path] ?? 0
      // Of rows that were kept for a time alone, the file may hold more than bronze does.
      if table.retention != nil || taken.isRemapped {
        let own = (try? self.records(of: file.path, taken.fields))?.count {
          search.keys.own($0, of: table)
        }
        guard Int64(own ?? 0) >= records else {
          unread.append(file.path)
          continue
        }
        records = Int64(own ?? 0)
      }
      guard records > 0 else { continue }
      files.append(.init(path: file.path, bytes: file.size, hash: taken.hash, records: records))
    }
    for (table, file, records) in landing.pending {
      let own = Int64(records.count { search.keys.own($0, of: table) })
      guard own > 0 else { continue }
      let hash = try lake.landing.contentHash(file.path).value
      files.append(.init(path: file.path, bytes: file.size, hash: hash, records: own))
    }
    return (files.sorted { $0.path < $1.path }, unread)
  }

  /// Rewrites the landing files without the person's records; those done already stay as they are.
  /// - Parameter isNew: true if nothing was done before.
  /// - Throws: `ForgetError.unwritable` where then not even the first file can be written.
  func rewriteLanding(_ plan: Forgetting, isNew: Bool) throws {
    let bySource = try Dictionary(
      graph.ordered.filter { !$0.identifying.isEmpty }.compactMap { table in
        try table.landing.map {
          (
            $0.folder,
            (table: table, fields: table.landingFields(try table.headerMapping(in: lake.landing)))
          )
        }
      }
    ) { first, _ in first }
    var isUnchanged = isNew
    for file in plan.files {
      let folder = bySource.keys.filter { file.path.hasPrefix($0 + "/") }.max {
        $0.count < $1.count
      }
      guard let (table, fields) = folder.flatMap({ bySource[$0] }),
        try lake.landing.info(file.path) != nil
      else { continue }
      try step("landing file")
      let erasure = try LandingErasure(lake.landing, file.path, fields: fields) {
        plan.keys.own($0, of: table)
      }
      guard let erasure else {
        isUnchanged = false
        continue
      }
      do { try lake.landing.put(file.path, erasure.bytes) } catch {
        guard isUnchanged else { throw error }
        throw ForgetError.unwritable("\(error)")
      }
      isUnchanged = false
    }
    guard plan.removesUnreadable else { return }
    for path in plan.unreadable {
      try step("unreadable file")
      try lake.landing.delete(path)
    }
  }
}
