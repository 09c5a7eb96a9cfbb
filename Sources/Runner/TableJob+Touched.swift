import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium
import Storage

/// The values of some columns by which those rows of a derived table are told that changes of its
/// inputs can have touched.
struct TouchedRows {
  /// The values that rows of the derived table have.
  let values: TouchedValues
  /// Those in rows of inputs on which touched rows depend.
  let read: TouchedValues
  /// Rows of the inputs that came, went or changed; a changed one counts twice.
  let changes: Int64
  /// How result rows come from input rows; nil where that is not known.
  let lineage: KeyLineage?

  /// Columns of the derived table.
  var columns: [StructField] { values.columns }
  /// Combinations of values.
  var count: Int64 { values.count }

  /// A condition that a row of an alias, with the derived table's columns, has touched values; never
  /// NULL.
  func isTouched(_ alias: String) -> String {
    "coalesce(\(values.contains(columns.map { "\(alias).\(sqlName($0.name))" })), false)"
  }
}

/// Which rows of a derived table a batch can have touched.
enum Touched {
  case rows(TouchedRows)
  /// All may be; why that is not known better.
  case all(Decision.Reason)
}

extension TableJob {
  /// The columns by which the table is recomputed in parts; none where it only is as a whole.
  var derivationKey: [String] {
    guard case .derived(let derivation) = table.write else { return [] }
    return switch derivation {
    case .partition(let column, _): [column]
    case .key(let columns): columns
    case .whole: []
    }
  }

  /// How many partitions before its own a row depends on.
  var lookback: Int {
    guard case .derived(by: .partition(_, let lookback)) = table.write else { return 0 }
    return max(0, lookback)
  }

  /// Finds the rows that the changes of a batch's inputs can have touched.
  func findTouched(_ query: SQL, _ batch: Batch) throws -> Touched {
    let changed = batch.inputs.filter { $0.from != $0.to }
    let names = changed.map(\.name)
    guard !derivationKey.isEmpty else { return .all(.inputChanged(names)) }
    guard
      let lineage = try KeyLineage(
        query, asOf: batch.asOf, session, looksBack: lookback > 0)
    else {
      return .all(.inputChanged(names))
    }
    guard let parents = try parentChanges(batch) else { return .all(.inputRewritten(names[0])) }
    // Rows that a rule dropped stand nowhere, so the values to which they led are not known.
    guard !parents.contains(where: { $0.anyAppeared && $0.rule.action == .drop }) else {
      return .all(.inputChanged(parents.map(\.parent)))
    }
    var feeds: [TableName: Relation] = [:]
    defer { for feed in feeds.values { DuckDBParquet(session).release(feed) } }
    var changes: Int64 = 0
    let read = Set(query.inputs.map(\.table.name))
    for input in changed where read.contains(input.name) {
      guard let (feed, rows) = try feed(of: input) else {
        return .all(.inputRewritten(input.name))
      }
      feeds[input.name] = feed
      changes += try rows ?? session.count("SELECT count(*) FROM \(feed.name)")
    }
    let aliases = Set(
      query.inputs.filter { feeds[$0.table.name] != nil }.map { $0.alias.lowercased() })
    let (touch, silent) = lineage.touch(derivationKey, changed: aliases)
    guard let touch else {
      let mute = query.inputs.filter { silent.contains($0.alias.lowercased()) }
      return .all(.untraced(mute.map(\.table.name)))
    }
    let columns = touch.columns.compactMap { name in
      table.storedSchema.fields.first { $0.name.lowercased() == name }
    }
    let parts =
      try touch.paths.map { try values($0, columns, query, batch, feeds) }
      + parents.flatMap { try values(of: $0, columns, batch) }
    var staged = try session.stage(
      "touched", as: parts.isEmpty ? nothing(columns) : parts.joined(separator: " UNION "))
    if lookback > 0 {
      staged = try session.stage("touched_after", as: around(staged, columns, 0...lookback))
    }
    return .rows(try touchedRows(staged, columns, changes, lineage))
  }

  /// Touched rows by a staged table of their values, with what they depend on.
  func touchedRows(
    _ staged: String, _ columns: [StructField], _ changes: Int64, _ lineage: KeyLineage?
  ) throws -> TouchedRows {
    let values = try TouchedValues(staged, columns, session)
    guard lookback > 0 else {
      return TouchedRows(values: values, read: values, changes: changes, lineage: lineage)
    }
    let before = try session.stage("touched_before", as: around(staged, columns, -lookback...0))
    return TouchedRows(
      values: values, read: try TouchedValues(before, columns, session), changes: changes,
      lineage: lineage)
  }

  /// Queries for the values of the touched columns in rows that a rule judges otherwise now: those of
  /// the table that refer to what vanished, and those in quarantine that refer to what appeared.
  private func values(
    of change: ParentChanges, _ columns: [StructField], _ batch: Batch
  ) throws -> [String] {
    func query(_ location: TableLocation, _ state: Snapshot?, _ values: String) throws -> String? {
      guard let state else { return nil }
      let delta = context.tables.table(location, session)
      let rows = try DuckDBParquet(session).scan(delta.scan(state))
      let own = columns.enumerated().map { "\(sqlName($1.name)) AS \(TouchedValues.column($0))" }
      return "SELECT DISTINCT \(own.joined(separator: ", ")) FROM \(rows.name) AS q "
        + "WHERE \(change.refers("q", to: values))"
    }
    let quarantine = TableLocation.quarantine(of: table)
    let waiting = try batch.quarantine.map {
      try context.tables.table(quarantine, session).snapshot(version: $0)
    }
    return [
      change.anyVanished ? try query(location, snapshot(table), change.vanished) : nil,
      change.anyAppeared ? try query(quarantine, waiting, change.appeared) : nil,
    ].compactMap(\.self)
  }

  /// A query for the values of a column and those at some distances from them.
  func around(
    _ values: String, _ columns: [StructField], _ distances: ClosedRange<Int>
  ) -> String {
    let column = TouchedValues.column(0)
    let type = columns.first?.type.duckDB ?? "BIGINT"
    return """
      SELECT DISTINCT CAST(\(column) + CAST(d AS INTEGER) AS \(type)) AS \(column) FROM \(values), \
      range(\(distances.lowerBound), \(distances.upperBound + 1)) AS distances(d)
      """
  }

  private func nothing(_ columns: [StructField]) -> String {
    Schema(
      columns.enumerated().map { StructField(TouchedValues.column($0), $1.type) }
    ).emptyQuery
  }

  /// The rows of an input, as they were and as they are, that came, went or changed, and how many they
  /// are where the log tells; nil where its log or its files no longer tell.
  func feed(of input: Batch.Input) throws -> (rows: Relation, count: Int64?)? {
    guard let from = input.from, from < input.to,
      let source = table.upstream.first(where: { $0.name == input.name })
    else { return nil }
    do {
      let delta = delta(of: source)
      let feed = try delta.changeFeed(from: from + 1, through: input.to)
      guard try delta.hasFiles(of: feed) else { return nil }
      return (try DuckDBParquet(session).changes(feed), feed.rowCount)
    } catch let error as StorageError {
      // A deletion vector that others cleared away.
      guard error.code == .notFound else { throw error }
      return nil
    } catch let error as DeltaError {
      switch error {
      case .missingCommit, .noSuchVersion, .fileGone: return nil
      default: throw error
      }
    }
  }

  /// A query for the values of the touched columns that the changed rows of one reading lead to.
  private func values(
    _ path: KeyLineage.Path, _ columns: [StructField], _ query: SQL, _ batch: Batch,
    _ feeds: [TableName: Relation]
  ) throws -> String {
    func input(_ alias: String) throws -> Table {
      guard let input = query.inputs.first(where: { $0.alias.lowercased() == alias }) else {
        throw RunError.other("the query reads no \(alias)")
      }
      return input.table
    }
    var rows = try rows(of: input(path.input), batch, feeds, all: false)
    for (alias, pairs) in path.links {
      let own = try pairs.enumerated().map {
        "\(try $1.own.sql(session)) AS \(TouchedValues.column($0))"
      }.joined(separator: ", ")
      let met = try pairs.enumerated().map {
        "m.\(TouchedValues.column($0)) IS NOT DISTINCT FROM (\(try $1.other.sql(session)))"
      }.joined(separator: " AND ")
      rows = """
        (SELECT * FROM \(try self.rows(of: input(alias), batch, feeds, all: true)) AS r \
        SEMI JOIN (SELECT DISTINCT \(own) FROM \(rows) AS o) AS m ON \(met))
        """
    }
    let values = try zip(path.values, columns).enumerated().map { index, pair in
      "CAST(\(try pair.0.sql(session)) AS \(pair.1.type.duckDB)) AS \(TouchedValues.column(index))"
    }
    return "SELECT DISTINCT \(values.joined(separator: ", ")) FROM \(rows) AS r"
  }

  /// A query for rows of an input: those that changed, as they were and as they are, and the others
  /// too where all are asked for.
  private func rows(
    of input: Table, _ batch: Batch, _ feeds: [TableName: Relation], all: Bool
  ) throws -> String {
    let names = sqlNames(input.declaredSchema.names)
    var parts = feeds[input.name].map { ["SELECT \(names) FROM \($0.name)"] } ?? []
    if all, let pinned = batch.inputs.first(where: { $0.name == input.name }) {
      let state = try state(of: input, version: pinned.to)
      let relation = try DuckDBParquet(session).scan(delta(of: input).scan(state))
      parts.append("SELECT \(names) FROM \(relation.name)")
    }
    if parts.isEmpty { parts = [input.declaredSchema.emptyQuery] }
    return "(\(parts.joined(separator: " UNION ALL ")))"
  }
}
