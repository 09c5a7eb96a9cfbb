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
