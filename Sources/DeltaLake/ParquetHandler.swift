import Basics
import Storage

/// What the table protocol needs of whatever reads and writes Parquet.
///
/// The protocol itself never looks into a data file: an engine that runs SQL, or a stand-in in
/// memory, does. A handler is used by one thread at a time.
public protocol ParquetHandler: AnyObject {
  /// The rows of checkpoint files.
  func readActions(_ addresses: [String]) throws -> CheckpointActions
  /// Writes a checkpoint file of actions; the schema is that of the protocol.
  func writeActions(_ actions: [JSON], to address: String) throws
  /// Makes the live rows of data files readable under a name.
  func scan(_ scan: Scan) throws -> Relation
  /// Writes the rows of some relations together as data files below a folder.
  func write(_ rows: [Relation], _ target: WriteTarget) throws -> [WrittenFile]
  /// Finds which rows of a scan a MERGE touches and what is written in their place.
  func match(_ merge: MergeRequest) throws -> MergeMatches
  /// Finds which rows of a scan an UPDATE or DELETE touches and what is written in their place.
  func update(_ update: UpdateRequest) throws -> RowChanges
  /// A relation with one more column, which holds the same text in all rows.
  func adding(_ column: String, _ value: String, to relation: Relation) -> Relation
  /// The rows of a relation along the Z-order curve of some columns, which keeps rows together that
  /// are near each other in all of them.
  /// - Returns: the rows with two more columns: `__file`, a number for each file of about so many
  ///   rows, and `__row`, by which they are ordered.
  func zOrdered(
    _ relation: Relation, by columns: [String], _ schema: Schema, rowsPerFile: Int64
  ) throws -> Relation
  /// The least and greatest value of some columns of a relation; nil for one whose type is not quite
  /// the column's, so that values may compare otherwise.
  func ranges(_ columns: [StructField], of relation: Relation) throws -> [ValueRange?]
  /// How many rows a relation has.
  func count(_ relation: Relation) throws -> Int64
  /// The columns, rows and statistics of Parquet files, by their footers, in the order given.
  func inspect(_ addresses: [String]) throws -> [ParquetFile]
  /// Why each of some SQL expressions over the columns of a schema (alias `target`) and, where there is
  /// one, of a source (alias `source`) cannot be used; nil where it can.
  func problems(
    in expressions: [String], of schema: Schema, source: Relation?
  ) throws -> [String?]
  /// What an SQL condition over a table's columns says of values in them, as far as it is certain.
  func predicate(_ condition: String) throws -> Predicate
  /// How many rows of a relation do not satisfy each of some SQL conditions; NULL does not.
  ///
  /// Judged are the rows as they would be stored: each column of the schema cast to its type.
  func violations(
    _ conditions: [String], in relation: Relation, of schema: Schema
  ) throws -> [Int64]
  /// How many rows of a relation have no value in a column or in the field that a path leads to,
  /// though the structs around the field are there.
  func missing(_ path: [String], in relation: Relation) throws -> Int64
  /// Gives back what a relation holds.
  func release(_ relation: Relation)
}

/// Rows that a handler holds, by a name it knows; an engine's table, view or query.
public struct Relation: Hashable, Sendable {
  public let name: String
  /// Temporary tables that go when the relation is released.
  public let temporaries: [String]

  public init(_ name: String, temporaries: [String] = []) {
    self.name = name
    self.temporaries = temporaries
  }
}

extension ParquetHandler {
  /// Why an SQL expression over the columns of a schema cannot be used; nil where it can.
  func problem(in expression: String, of schema: Schema) throws -> String? {
    try problems(in: [expression], of: schema, source: nil).first ?? nil
  }
}

/// Some data files of a table, to be read as its rows.
public struct Scan: Sendable {
  /// One data file.
  public struct File: Hashable, Sendable {
    /// What an engine opens.
    public let address: String
    /// By the column's name in the table, whatever it is called in the log; nil is NULL.
    public let partitionValues: [String: String?]
    public let size: Int64
    /// The path decoded, relative to the table.
    public let path: String
    /// Which of the file's rows are meant.
    public let rows: Rows
    /// How many rows the file has, deleted ones too; nil where the log does not tell.
    public let recordCount: Int64?

    public init(
      address: String, partitionValues: [String: String?], size: Int64, path: String,
      rows: Rows = .all, recordCount: Int64? = nil
    ) {
      self.address = address
      self.partitionValues = partitionValues
      self.size = size
      self.path = path
      self.rows = rows
      self.recordCount = recordCount
    }
  }

  /// Some rows of a file, by their positions from 0.
  public enum Rows: Hashable, Sendable {
    case all
    case except(RoaringBitmap)
    case only(RoaringBitmap)

    /// True if the row at a position is meant.
    public func contains(_ position: UInt64) -> Bool {
      switch self {
      case .all: true
      case .except(let bitmap): !bitmap.contains(position)
      case .only(let bitmap): bitmap.contains(position)
      }
    }

    /// The positions that are named; nil where none are.
    public var bitmap: RoaringBitmap? {
      switch self {
      case .all: nil
      case .except(let bitmap), .only(let bitmap): bitmap
      }
    }
  }

  /// Files, in the order by which positions name them.
  public let files: [File]
  public let schema: Schema
  public let partitionColumns: [String]
  /// How columns are told apart in the files.
  public let mapping: ColumnMappingMode
  /// True to add `__file` (index into `files`) and `__row` (position in the file) to each row.
  public let positions: Bool

  public init(
    files: [File], schema: Schema, partitionColumns: [String],
    mapping: ColumnMappingMode = .none, positions: Bool = false
  ) {
    self.files = files
    self.schema = schema
    self.partitionColumns = partitionColumns
    self.mapping = mapping
    self.positions = positions
  }

  /// The same files with all rows that they hold, deleted ones too.
  public var ofAllRows: Scan {
    Scan(
      files: files.map {
        File(
          address: $0.address, partitionValues: $0.partitionValues, size: $0.size, path: $0.path)
      }, schema: schema, partitionColumns: partitionColumns, mapping: mapping,
      positions: positions)
  }

  /// The name of the column with a file's index.
  public static let fileColumn = "__file"
  /// The name of the column with a row's position in its file, counted from 0.
  public static let rowColumn = "__row"
}

/// Parquet files that somebody else wrote, which may become data files as they are.
public struct ParquetFiles: Sendable {
  /// Where they lie.
  public let store: any ObjectStore
  public let files: [ObjectInfo]
  /// The columns by which their rows are sorted.
  public let sortedBy: [String]

  public init(store: any ObjectStore, files: [ObjectInfo], sortedBy: [String] = []) {
    self.store = store
    self.files = files
    self.sortedBy = sortedBy
  }
}

/// Where and how rows are written.
public struct WriteTarget: Sendable {
  /// The table's folder as the engine opens it.
  public let address: String
  /// The columns to write, with their types.
  public let schema: Schema
  /// Columns by which files are put into folders, not stored in them.
  public let partitionColumns: [String]
  /// By which names columns go into files and folders; field ids go with them under a mapping.
  public let mapping: ColumnMappingMode
  /// A folder below the table for all files, with the partition values they all have; for rows of
  /// one partition.
  public let constant: (folder: String, values: [String: String?])?
  /// True if the rows say by `__file` which of them go into one file, and by `__row` in which order;
  /// for rows of one partition.
  public let isOrdered: Bool
  /// Columns by which the rows of each partition are sorted.
  public let sortedBy: [String]
  /// Rows of a row group at most; the engine's own number where it is nil.
  public let rowGroupRows: Int64?
  /// How many rows there are, where that is known: many are sorted and written a few partitions at a
  /// time.
  public let rows: Int64?

  public init(
    address: String, schema: Schema, partitionColumns: [String] = [],
    mapping: ColumnMappingMode = .none,
    constant: (folder: String, values: [String: String?])? = nil, isOrdered: Bool = false,
    sortedBy: [String] = [], rowGroupRows: Int64? = nil, rows: Int64? = nil
  ) {
    self.address = address
    self.schema = schema
    self.partitionColumns = partitionColumns
    self.mapping = mapping
    self.constant = constant
    self.isOrdered = isOrdered
    self.sortedBy = sortedBy
    self.rowGroupRows = rowGroupRows
    self.rows = rows
  }
}

/// The values that a column of some rows has.
public struct ValueRange: Hashable, Sendable {
  /// As a partition folder spells it; nil where there is none but NULL.
  public let lowest: String?
  public let highest: String?
  public let hasNull: Bool

  public init(lowest: String?, highest: String?, hasNull: Bool) {
    self.lowest = lowest
    self.highest = highest
    self.hasNull = hasNull
  }
}

/// A data file that a handler wrote and nobody knows of yet.
public struct WrittenFile: Hashable, Sendable {
  /// Relative to the table, not encoded.
  public let path: String
  /// Bytes.
  public let size: Int64
  public let rows: Int64
  /// By the column's name in the log.
  public let partitionValues: [String: String?]
  /// By the path of names in the file from the column down, as the engine spells values.
  public let columns: [[String]: ColumnStatistics]

  public init(
    path: String, size: Int64, rows: Int64, partitionValues: [String: String?],
    columns: [[String]: ColumnStatistics]
  ) {
    self.path = path
    self.size = size
    self.rows = rows
    self.partitionValues = partitionValues
    self.columns = columns
  }
}

/// What a file's footer tells of one column.
public struct ColumnStatistics: Hashable, Sendable {
  public var minimum: String?
  public var maximum: String?
  public var nullCount: Int64?
  public var hasNaN: Bool

  public init(minimum: String?, maximum: String?, nullCount: Int64?, hasNaN: Bool = false) {
    self.minimum = minimum
    self.maximum = maximum
    self.nullCount = nullCount
    self.hasNaN = hasNaN
  }
}
