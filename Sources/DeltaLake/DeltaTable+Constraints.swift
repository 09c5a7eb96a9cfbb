import Basics

extension DeltaTable {
  /// Refuses files that hold NULL where the schema promises a value.
  ///
  /// The files' own statistics tell, so only rows that are about to be stored count, and no row is
  /// read twice.
  func checkRequired(
    _ files: [WrittenFile], _ schema: Schema, partitionColumns: [String]
  ) throws(DeltaError) {
    for field in schema.fields where !field.nullable {
      let rows = files.reduce(Int64(0)) { sum, file in
        guard partitionColumns.contains(field.name) else {
          return sum + (file.columns[[field.name]]?.nullCount ?? 0)
        }
        let value = file.partitionValues[field.name] ?? nil
        return sum + (value == nil ? file.rows : 0)
      }
      guard rows == 0 else {
        throw .constraintViolated(name: "\(field.name) NOT NULL", rows: rows, table: address)
      }
    }
  }

  /// Refuses rows that break a CHECK constraint or an invariant of the table.
  ///
  /// Judged are the rows that are to be stored, not those they come from.
  /// - Parameter missing: columns that the relations do not have, since all rows have the same value
  ///   there; a constraint over one cannot be checked.
  func checkConstraints(
    _ relations: [Relation], _ base: Snapshot, missing: [String] = []
  ) throws {
    try checkNested(relations, base)
    let constraints = try base.constraints()
    guard !constraints.isEmpty else { return }
    let schema = Schema(base.schema.fields.filter { !missing.contains($0.name) })
    for relation in relations {
      let counts: [Int64]
      do {
        counts = try parquet().violations(
          constraints.map(\.condition), in: relation, of: schema)
      } catch {
        throw DeltaError.unusableConstraint(
          name: constraints.map(\.name).joined(separator: ", "), reason: "\(error)", table: address)
      }
      for (constraint, rows) in zip(constraints, counts) where rows > 0 {
        throw DeltaError.constraintViolated(name: constraint.name, rows: rows, table: address)
      }
    }
  }

  /// Refuses NULL in nested fields that promise a value wherever the struct around them is there.
  ///
  /// A file's statistics do not tell them from structs that are NULL.
  private func checkNested(_ relations: [Relation], _ base: Snapshot) throws {
    let paths = base.schema.fields.flatMap { field in
      field.type.requiredPaths.map { [field.name] + $0 }
    }
    for path in paths {
      for relation in relations {
        let rows = try parquet().missing(path, in: relation)
        guard rows == 0 else {
          throw DeltaError.constraintViolated(
            name: "\(path.joined(separator: ".")) NOT NULL", rows: rows, table: address)
        }
      }
    }
  }

  /// Refuses a condition over the table's columns that the engine does not take.
  public func check(_ condition: String, _ base: Snapshot) throws {
    try check([condition], of: base.schema, writing: false)
  }

  /// Refuses SQL over the table's columns, and a source's, that the engine does not take.
  func check(
    _ expressions: [String], of schema: Schema, source: Relation? = nil, writing: Bool = true
  ) throws {
    guard !expressions.isEmpty else { return }
    let problems = try parquet().problems(in: expressions, of: schema, source: source)
    for (expression, problem) in zip(expressions, problems) {
      if let reason = problem {
        throw DeltaError.unusableExpression(
          expression, reason: reason, writing: writing, table: address)
      }
    }
  }

  /// Refuses to remove rows of a table that only takes new ones.
  func checkAppendOnly(_ transaction: Transaction, _ base: Snapshot) throws(DeltaError) {
    guard base.tableProtocol.allWriterFeatures.contains("appendOnly"),
      base.metadata.isOn("delta.appendOnly")
    else { return }
    for case .remove(let remove) in transaction.actions where remove.dataChange {
      throw .appendOnly(address)
    }
  }
}

extension Snapshot {
  /// A condition that every row of the table satisfies.
  struct Constraint: Hashable {
    let name: String
    let condition: String
  }

  /// What the property of a CHECK constraint begins with, before its name.
  static let constraintPrefix = "delta.constraints."

  /// The CHECK constraints (`delta.constraints.NAME`) and column invariants that bind a writer.
  func constraints() throws(DeltaError) -> [Constraint] {
    let prefix = Snapshot.constraintPrefix
    var found = metadata.configuration.filter { $0.key.hasPrefix(prefix) }.map {
      Constraint(name: String($0.key.dropFirst(prefix.count)), condition: $0.value)
    }.sorted { $0.name < $1.name }
    for field in schema.fields {
      let text = field.invariant
      if text == nil, !field.type.hasInvariants { continue }
      // Those of nested fields are not understood: nobody is known to write them.
      guard !field.type.hasInvariants, let expression = text.flatMap(Snapshot.expression) else {
        throw .unusableConstraint(
          name: "\(field.name) invariant", reason: "it is not understood", table: table)
      }
      found.append(Constraint(name: "\(field.name) invariant", condition: expression))
    }
    return found
  }

  /// The SQL condition in the JSON text of an invariant.
  private static func expression(_ text: String) -> String? {
    (try? JSON(parsing: text))?["expression"]?["expression"]?.string
  }
}

extension StructField {
  /// The condition that the column's values satisfy, as JSON text.
  fileprivate var invariant: String? {
    metadata.last { $0.name == "delta.invariants" }?.value.string
  }
}

extension DeltaType {
  /// The paths, from here down through structs alone, of fields that promise a value.
  fileprivate var requiredPaths: [[String]] {
    guard case .structure(let fields) = self else { return [] }
    return fields.flatMap { field in
      (field.nullable ? [] : [[field.name]]) + field.type.requiredPaths.map { [field.name] + $0 }
    }
  }

  /// True if a field below has a condition of its own.
  fileprivate var hasInvariants: Bool {
    switch self {
    case .structure(let fields): fields.contains { $0.invariant != nil || $0.type.hasInvariants }
    case .array(let element, _): element.hasInvariants
    case .map(let key, let value, _): key.hasInvariants || value.hasInvariants
    default: false
    }
  }
}
