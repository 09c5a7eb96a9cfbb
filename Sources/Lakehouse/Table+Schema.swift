import Basics
import DeltaLake
import Podium

extension ColumnType {
  /// The type as the Delta protocol calls it.
  public var delta: DeltaType {
    switch self {
    case .string: .string
    case .int: .long
    case .double: .double
    case .decimal(let precision, let scale): .decimal(precision: precision, scale: scale)
    case .bool: .boolean
    case .date: .date
    case .timestamp: .timestamp
    }
  }
}

/// Names of the columns that Podium adds to those a table declares.
public enum TechnicalColumn {
  /// The landing file a row came from, relative to the landing zone.
  public static let file = "_file"
  /// The physical line on which its record begins, counted from 1.
  public static let line = "_line"
  /// Fields that the declaration does not know, as a JSON object.
  public static let rescued = "_rescued"
  /// The run that took the row in.
  public static let run = "_run"
  /// When that was.
  public static let ingestedAt = "_ingested_at"
  /// The UTC day of that, the partition of bronze tables.
  public static let ingestDate = "_ingest_date"
  /// The time of the last row that repeats a row, or its own.
  public static let until = "_until"
  /// The rules that a quarantined row failed.
  public static let failedRules = "_failed_rules"
  /// When the row was quarantined.
  public static let quarantinedAt = "_quarantined_at"

  /// All of them.
  public static let all: Set<String> = [
    file, line, rescued, run, ingestedAt, ingestDate, until, failedRules, quarantinedAt,
  ]
}

extension Table {
  /// The declared columns as Delta fields.
  public var declaredSchema: Schema {
    Schema(
      columns.map {
        StructField(
          $0.name, $0.type.delta, nullable: landing != nil || $0.nullable,
          metadata: [JSON.Member("comment", .string($0.about))]
            + ($0.personal ? [JSON.Member(StructField.personalKey, true)] : []))
      })
  }

  /// The columns as they are stored: the declared ones and those that Podium adds.
  public var storedSchema: Schema {
    var fields = declaredSchema.fields
    if landing != nil {
      fields += [
        // Nobody knows what a source sends under other names.
        technical(
          TechnicalColumn.rescued, .string, "Fields the declaration does not know, JSON.",
          personal: true),
        technical(TechnicalColumn.file, .string, "Landing file."),
        technical(TechnicalColumn.line, .long, "Physical line of the record, from 1."),
        technical(TechnicalColumn.run, .string, "Run that took the row in."),
        technical(TechnicalColumn.ingestedAt, .timestamp, "When it was taken in, UTC."),
        technical(TechnicalColumn.ingestDate, .date, "Day of that, UTC."),
      ]
    } else if carriesOrigin {
      fields += [
        technical(TechnicalColumn.file, .string, "Landing file of the row's newest record."),
        technical(TechnicalColumn.line, .long, "Physical line of that record, from 1."),
      ]
    }
    if case .deduplicate(_, _, let time) = write {
      fields.append(
        technical(
          TechnicalColumn.until, .timestamp, "\(time) of the last row that repeats this one."))
    }
    return Schema(fields)
  }

  /// The columns that the table's query gives: those that are stored and that `write` does not add.
  public var querySchema: Schema {
    let added = addedColumns.union([TechnicalColumn.until])
    return Schema(storedSchema.fields.filter { !added.contains($0.name) })
  }

  /// The declared columns that the table's query gives.
  public var queriedSchema: Schema {
    let added = addedColumns
    return Schema(declaredSchema.fields.filter { !added.contains($0.name) })
  }

  /// The columns of the table's quarantine: the declared ones, any of them NULL, and why.
  public var quarantineSchema: Schema {
    var fields = queriedSchema.fields.map { field in
      var field = field
      field.nullable = true
      return field
    }
    fields += [
      technical(TechnicalColumn.failedRules, .string, "Rules the row failed, separated by '; '."),
      technical(TechnicalColumn.file, .string, "Landing file of the row."),
      technical(TechnicalColumn.line, .long, "Physical line of its record, from 1."),
      technical(TechnicalColumn.run, .string, "Run that judged the row."),
      technical(TechnicalColumn.quarantinedAt, .timestamp, "When that was, UTC."),
    ]
    return Schema(fields)
  }

  /// The columns by which files are put into folders.
  public var storedPartitions: [String] {
    landing != nil ? [TechnicalColumn.ingestDate] : partitionedBy
  }

  private func technical(
    _ name: String, _ type: DeltaType, _ about: String, personal: Bool = false
  ) -> StructField {
    StructField(
      name, type,
      metadata: [JSON.Member("comment", .string(about))]
        + (personal ? [JSON.Member(StructField.personalKey, true)] : []))
  }
}
