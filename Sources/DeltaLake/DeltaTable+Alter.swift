import Basics

extension DeltaTable {
  /// Changes columns in place, as one version; nothing is written where nothing changes.
  public func alter(
    _ changes: [SchemaChange], _ base: Snapshot, transaction: Transaction
  ) throws -> Snapshot {
    let metadata = try base.metadata.changed(
      by: changes, base.schema, mapping: base.columnMapping, table: address)
    try checkConstraints(of: base, under: metadata)
    return try replace(metadata, base, transaction)
  }

  /// Refuses columns without which a constraint could not be checked any more.
  private func checkConstraints(of base: Snapshot, under metadata: Metadata) throws {
    let constraints = try base.constraints()
    guard !constraints.isEmpty, let schema = try? Schema(parsing: metadata.schemaString) else {
      return
    }
    for constraint in constraints {
      let text = constraint.condition
      guard try parquet().problem(in: text, of: schema) != nil,
        try parquet().problem(in: text, of: base.schema) == nil
      else { continue }
      throw DeltaError.schemaChange(
        "its constraint '\(constraint.name)' (\(text)) needs the columns as they are; take it away "
          + "first", table: address)
    }
  }

  /// Sets properties of the table, or takes them away where the value is nil; the protocol is raised
  /// where they need it.
  public func setProperties(
    _ properties: [String: String?], _ base: Snapshot, transaction: Transaction
  ) throws -> Snapshot {
    try TableProperty.check(properties.compactMapValues(\.self), table: address)
    return try set(properties, base, transaction)
  }

  private func set(
    _ properties: [String: String?], _ base: Snapshot, _ transaction: Transaction
  ) throws -> Snapshot {
    var metadata = base.metadata
    for (name, value) in properties { metadata.configuration[name] = value }
    try check(metadata, base)
    return try replace(metadata.mapped(base.schema, table: address), base, transaction)
  }

  /// Refuses properties that the files or columns of the table do not go with.
  private func check(_ metadata: Metadata, _ base: Snapshot) throws(DeltaError) {
    let mode = metadata.configuration[Metadata.mappingModeKey]?.lowercased() ?? "none"
    let old = base.columnMapping.rawValue
    guard mode == old || (old, mode) == ("none", "name") else {
      throw .schemaChange(
        "its column mapping cannot go from '\(old)' to '\(mode)': its files would not fit",
        table: address)
    }
    let listed = metadata.configuration[Metadata.statisticsColumnsKey]
    for path in ColumnPaths(listed ?? "").paths
    where listed != base.metadata.configuration[Metadata.statisticsColumnsKey]
      && base.schema.fields(along: path) == nil
    {
      throw .unknownColumn(
        path.joined(separator: "."), known: base.schema.names, table: address)
    }
  }

  /// Adds a CHECK constraint, after a look at all rows.
  public func addConstraint(
    _ name: String, _ condition: String, _ base: Snapshot, transaction: Transaction
  ) throws -> Snapshot {
    let key = Snapshot.constraintPrefix + name.lowercased()
    guard base.metadata.configuration[key] == nil else {
      throw DeltaError.schemaChange("there is a constraint '\(name)' already", table: address)
    }
    let parquet = try parquet()
    if let reason = try parquet.problem(in: condition, of: base.schema) {
      throw DeltaError.unusableConstraint(name: name, reason: reason, table: address)
    }
    let rows = try parquet.scan(scan(base))
    defer { parquet.release(rows) }
    let broken: [Int64]
    do { broken = try parquet.violations([condition], in: rows, of: base.schema) } catch {
      throw DeltaError.unusableConstraint(name: name, reason: "\(error)", table: address)
    }
    guard broken.allSatisfy({ $0 == 0 }) else {
      throw DeltaError.constraintViolated(name: name, rows: broken.reduce(0, +), table: address)
    }
    return try set([key: condition], base, transaction)
  }

  /// Takes a CHECK constraint away.
  public func dropConstraint(
    _ name: String, _ base: Snapshot, transaction: Transaction
  ) throws -> Snapshot {
    let prefix = Snapshot.constraintPrefix
    let known = base.metadata.configuration.keys.filter { $0.hasPrefix(prefix) }.sorted()
    guard let key = known.first(where: { $0.lowercased() == prefix + name.lowercased() }) else {
      throw DeltaError.unknownConstraint(
        name, known: known.map { String($0.dropFirst(prefix.count)) }, table: address)
    }
    return try set([key: nil], base, transaction)
  }

  private func replace(
    _ metadata: Metadata, _ base: Snapshot, _ transaction: Transaction
  ) throws -> Snapshot {
    guard metadata != base.metadata else { return base }
    var transaction = transaction
    transaction.actions += base.actions(for: metadata)
    // What Podium cannot keep must not be promised.
    try base.tableProtocol.backing(metadata).checkWritable(address, metadata)
    return try commit(transaction, on: base)
  }
}

extension Snapshot {
  /// The actions that give a table other metadata, and a protocol that backs them.
  public func actions(for metadata: Metadata) -> [Action] {
    let raised = tableProtocol.backing(metadata)
    return (raised == tableProtocol ? [] : [.protocol(raised)]) + [.metaData(metadata)]
  }
}
