import Basics
import DeltaLake
import Engines
import Landing
import Lakehouse
import Podium
import Runner
import Storage

/// Finds out by what a person is told in the raw records.
struct PersonSearch {
  /// A bronze table's rows under a name of the engine.
  struct Rows {
    let table: Table
    let name: String
  }

  let session: EngineSession
  /// Bronze tables, of environments too.
  let rows: [Rows]
  /// Tables that tell which ids are those of one person, under names of the engine.
  let matches: [Rows]
  /// Records of landing files that were not taken in: values in the order of the table's columns.
  let pending: [(table: Table, records: [[String?]])]

  private(set) var keys: PersonKeys
  private(set) var shared: [Identity: Set<String>] = [:]

  init(
    _ ids: [String], _ session: EngineSession, _ rows: [Rows], matches: [Rows],
    pending: [(table: Table, records: [[String?]])]
  ) {
    self.session = session
    self.rows = rows
    self.matches = matches
    self.pending = pending
    keys = PersonKeys([.person: Set(ids.map(PersonKeys.trimmed))])
  }

  /// Follows ids from table to table until no more are found.
  mutating func follow() throws {
    var before: PersonKeys
    repeat {
      before = keys
      try followMatches()
      for rows in rows {
        guard let owns = keys.owns(rows.table) else { continue }
        for (column, identity) in rows.table.identifying where identity != .person {
          try add(values(of: column, in: rows, where: owns), identity)
        }
      }
      for (table, records) in pending {
        for record in records where keys.own(record, of: table) {
          for (column, value) in zip(table.columns, record) {
            guard let identity = column.identifies, identity != .person, let value else { continue }
            try add([PersonKeys.trimmed(value)], identity)
          }
        }
      }
    } while keys != before
  }

  private mutating func followMatches() throws {
    for rows in matches {
      let columns = rows.table.namingPersons
      let ids = keys[.person].sorted().map(sqlLiteral).joined(separator: ", ")
      let meant = columns.map { "trim(\(sqlName($0.name))) IN (\(ids))" }
        .joined(separator: " OR ")
      for column in columns {
        keys.values[.person, default: []].formUnion(try values(of: column, in: rows, where: meant))
      }
    }
  }

  /// Adds values that nobody else has.
  private mutating func add(_ values: Set<String>, _ identity: Identity) throws {
    let new = values.subtracting(keys[identity]).subtracting(shared[identity] ?? [])
      .filter { !$0.isEmpty }
    guard !new.isEmpty else { return }
    var others: Set<String> = []
    let list = new.sorted().map(sqlLiteral).joined(separator: ", ")
    for rows in rows {
      let persons = rows.table.namingPersons
      guard !persons.isEmpty, let owns = keys.owns(rows.table) else { continue }
      let named = persons.map { "coalesce(trim(\(sqlName($0.name))), '') <> ''" }
        .joined(separator: " OR ")
      for (column, other) in rows.table.identifying where other == identity {
        others.formUnion(
          try self.values(
            of: column, in: rows,
            where: "trim(\(sqlName(column.name))) IN (\(list)) AND (\(named)) AND NOT \(owns)"))
      }
    }
    keys.values[identity, default: []].formUnion(new.subtracting(others))
    if !others.isEmpty { shared[identity, default: []].formUnion(others) }
  }

  private func values(
    of column: Column, in rows: Rows, where condition: String
  ) throws -> Set<String> {
    let name = sqlName(column.name)
    let found = try session.connection.query(
      "SELECT DISTINCT trim(\(name)) FROM \(rows.name) WHERE (\(condition)) "
        + "AND coalesce(trim(\(name)), '') <> ''"
    ).rows()
    return Set(found.compactMap { $0[0].string })
  }

  /// Names, e-mails and the like in the person's records of tables that name the person.
  func traces() throws -> Set<String> {
    var found: Set<String> = []
    for rows in rows {
      guard let owns = keys.owns(rows.table), !rows.table.namingPersons.isEmpty else { continue }
      for column in rows.table.columns where column.personal {
        found.formUnion(try values(of: column, in: rows, where: owns))
      }
    }
    for (table, records) in pending where !table.namingPersons.isEmpty {
      for record in records where keys.own(record, of: table) {
        for (column, value) in zip(table.columns, record) where column.personal {
          if let value { found.insert(PersonKeys.trimmed(value)) }
        }
      }
    }
    return found.filter { $0.count > 2 }
  }

  /// True if a raw record names a person by an id, or a table says whose id it is.
  func names(_ id: String) throws -> Bool {
    let keys = PersonKeys([.person: [PersonKeys.trimmed(id)]])
    for rows in rows + matches {
      guard let owns = keys.owns(rows.table) else { continue }
      if try session.count("SELECT count(*) FROM \(rows.name) WHERE \(owns)") > 0 { return true }
    }
    return pending.contains { table, records in records.contains { keys.own($0, of: table) } }
  }

  /// Another spelling of an id that some record has.
  func near(_ id: String) throws -> String? {
    let meant = sqlLiteral(PersonKeys.trimmed(id).lowercased())
    for rows in rows {
      for column in rows.table.namingPersons {
        let same = "lower(trim(\(sqlName(column.name)))) = \(meant)"
        if let found = try values(of: column, in: rows, where: same).min() { return found }
      }
    }
    return nil
  }
}
