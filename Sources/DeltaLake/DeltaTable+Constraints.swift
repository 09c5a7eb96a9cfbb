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
  func checkConstraints(_ relations: [Relation], _ base: Snapshot) throws {
    let constraints = try base.constraints()
    guard !constraints.isEmpty else { return }
    for relation in relations {
      let counts: [Int64]
      do {
        counts = try parquet().violations(constraints.map(\.condition), in: relation)
      } catch {
        throw DeltaError.unusableConstraint(
          name: constraints.map(\.name).joined(separator: ", "), reason: "\(error)", table: address)
      }
      for (constraint, rows) in zip(constraints, counts) where rows > 0 {
        throw DeltaError.constraintViolated(name: constraint.name, rows: rows, table: address)
      }
    }
  }

  /// Refuses to remove rows of a table that only takes new ones.
  func checkAppendOnly(_ transaction: Transaction, _ base: Snapshot) throws(DeltaError) {
    guard base.tableProtocol.allWriterFeatures.contains("appendOnly"),
      base.metadata.configuration["delta.appendOnly"]?.lowercased() == "true"
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
      guard let text = field.metadata.last(where: { $0.name == "delta.invariants" })?.value.string
      else { continue }
      let expression = (try? JSON(parsing: Array(text.utf8)))?["expression"]?["expression"]?.string
      guard let expression else {
        throw .unusableConstraint(
          name: "\(field.name) invariant", reason: "it is not understood", table: table)
      }
      found.append(Constraint(name: "\(field.name) invariant", condition: expression))
    }
    return found
  }
}
