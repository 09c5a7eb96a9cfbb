import Basics

/// One line of a commit: a change of a table's state.
///
/// Names and meanings are those of PROTOCOL.md at delta-io/delta. Actions and fields that are not
/// known are passed over, as the protocol demands.
public enum Action: Hashable, Sendable {
  case add(AddFile)
  case remove(RemoveFile)
  case metaData(Metadata)
  case `protocol`(TableProtocol)
  case txn(SetTransaction)
  case domainMetadata(DomainMetadata)
  case cdc(AddCDCFile)
  case commitInfo(CommitInfo)
  case sidecar(Sidecar)
  case checkpointMetadata(version: Int64)
}

/// A data file that belongs to the table from this version on.
public struct AddFile: Hashable, Sendable {
  /// The path as it stands in the log: percent-encoded, relative to the table or absolute.
  public var path: String
  /// By physical column name; nil is NULL.
  public var partitionValues: [String: String?]
  /// Bytes.
  public var size: Int64
  /// Milliseconds since 1970.
  public var modificationTime: Int64
  public var dataChange: Bool
  /// Statistics as JSON text.
  public var stats: String?
  public var tags: [String: String?]?
  public var deletionVector: DeletionVector?
  public var baseRowId: Int64?
  public var defaultRowCommitVersion: Int64?
  public var clusteringProvider: String?

  public init(
    path: String, partitionValues: [String: String?], size: Int64, modificationTime: Int64,
    dataChange: Bool, stats: String? = nil, tags: [String: String?]? = nil,
    deletionVector: DeletionVector? = nil, baseRowId: Int64? = nil,
    defaultRowCommitVersion: Int64? = nil, clusteringProvider: String? = nil
  ) {
    self.path = path
    self.partitionValues = partitionValues
    self.size = size
    self.modificationTime = modificationTime
    self.dataChange = dataChange
    self.stats = stats
    self.tags = tags
    self.deletionVector = deletionVector
    self.baseRowId = baseRowId
    self.defaultRowCommitVersion = defaultRowCommitVersion
    self.clusteringProvider = clusteringProvider
  }

  /// What tells this file from others in the table.
  public var key: FileKey {
    FileKey(path: PercentEncoding.decode(path), deletionVector: deletionVector?.id)
  }
}

/// A data file that no longer belongs to the table.
public struct RemoveFile: Hashable, Sendable {
  public var path: String
  /// Milliseconds since 1970.
  public var deletionTimestamp: Int64?
  public var dataChange: Bool
  public var extendedFileMetadata: Bool?
  public var partitionValues: [String: String?]?
  public var size: Int64?
  public var deletionVector: DeletionVector?
  public var baseRowId: Int64?
  public var defaultRowCommitVersion: Int64?

  /// The removal of a file, at a time in milliseconds since 1970.
  public init(_ file: AddFile, at time: Int64, dataChange: Bool) {
    path = file.path
    deletionTimestamp = time
    self.dataChange = dataChange
    extendedFileMetadata = true
    partitionValues = file.partitionValues
    size = file.size
    deletionVector = file.deletionVector
    baseRowId = file.baseRowId
    defaultRowCommitVersion = file.defaultRowCommitVersion
  }

  /// A removal of which nothing else is known.
  public init(path: String, dataChange: Bool) {
    self.path = path
    self.dataChange = dataChange
  }

  /// What tells the file from others in the table.
  public var key: FileKey {
    FileKey(path: PercentEncoding.decode(path), deletionVector: deletionVector?.id)
  }
}

/// A logical file: a data file together with the rows deleted from it.
public struct FileKey: Hashable, Sendable {
  /// The decoded path.
  public let path: String
  /// The deletion vector's id, if there is one.
  public let deletionVector: String?
}

/// Where the positions of a file's deleted rows are.
public struct DeletionVector: Hashable, Sendable {
  /// `u` a file named by a UUID, `i` inline, `p` an absolute path.
  public var storageType: String
  public var pathOrInlineDv: String
  public var offset: Int32?
  public var sizeInBytes: Int32
  public var cardinality: Int64

  public init(
    storageType: String, pathOrInlineDv: String, offset: Int32?, sizeInBytes: Int32,
    cardinality: Int64
  ) {
    self.storageType = storageType
    self.pathOrInlineDv = pathOrInlineDv
    self.offset = offset
    self.sizeInBytes = sizeInBytes
    self.cardinality = cardinality
  }

  /// Tells deletion vectors of one file apart.
  public var id: String { storageType + pathOrInlineDv + (offset.map { "@\($0)" } ?? "") }
}

/// The table's identity, schema and properties.
public struct Metadata: Hashable, Sendable {
  /// A UUID that never changes.
  public var id: String
  public var name: String?
  public var description: String?
  /// The schema as JSON text.
  public var schemaString: String
  public var partitionColumns: [String]
  public var configuration: [String: String]
  /// Milliseconds since 1970.
  public var createdTime: Int64?

  public init(
    id: String, name: String? = nil, description: String? = nil, schema: Schema,
    partitionColumns: [String] = [], configuration: [String: String] = [:],
    createdTime: Int64? = nil
  ) {
    self.init(
      id: id, name: name, description: description, schemaString: schema.json.text,
      partitionColumns: partitionColumns, configuration: configuration, createdTime: createdTime)
  }

  init(
    id: String, name: String?, description: String?, schemaString: String,
    partitionColumns: [String], configuration: [String: String], createdTime: Int64?
  ) {
    self.id = id
    self.name = name
    self.description = description
    self.schemaString = schemaString
    self.partitionColumns = partitionColumns
    self.configuration = configuration
    self.createdTime = createdTime
  }
}

/// The version of an application's progress; the last one recorded holds.
public struct SetTransaction: Hashable, Sendable {
  public var appId: String
  public var version: Int64
  /// Milliseconds since 1970.
  public var lastUpdated: Int64?

  public init(appId: String, version: Int64, lastUpdated: Int64? = nil) {
    self.appId = appId
    self.version = version
    self.lastUpdated = lastUpdated
  }
}

/// Configuration of a named domain.
public struct DomainMetadata: Hashable, Sendable {
  public var domain: String
  public var configuration: String
  public var removed: Bool
}

/// A file of row changes for readers of the change feed.
public struct AddCDCFile: Hashable, Sendable {
  public var path: String
  public var partitionValues: [String: String?]
  public var size: Int64
}

/// What a commit says about itself; free-form.
public struct CommitInfo: Hashable, Sendable {
  public var fields: [JSON.Member]

  public init(_ fields: [JSON.Member]) { self.fields = fields }

  /// A field by name.
  public subscript(name: String) -> JSON? { JSON.object(fields)[name] }

  /// When the commit was made, in milliseconds since 1970; nil where it does not say.
  var time: Int64? { (self["inCommitTimestamp"] ?? self["timestamp"])?.int }
}

/// A Parquet file that holds a part of a checkpoint's actions.
public struct Sidecar: Hashable, Sendable {
  public var path: String
  public var sizeInBytes: Int64
}
