import Basics

/// The abilities that a reader and a writer of a table must have.
public struct TableProtocol: Hashable, Sendable {
  public var minReaderVersion: Int
  public var minWriterVersion: Int
  /// Present exactly with reader version 3.
  public var readerFeatures: [String]?
  /// Present exactly with writer version 7.
  public var writerFeatures: [String]?

  public init(
    minReaderVersion: Int, minWriterVersion: Int, readerFeatures: [String]? = nil,
    writerFeatures: [String]? = nil
  ) {
    self.minReaderVersion = minReaderVersion
    self.minWriterVersion = minWriterVersion
    self.readerFeatures = readerFeatures
    self.writerFeatures = writerFeatures
  }

  /// Reader 1, writer 2: appends and NOT NULL, no table features.
  public static let plain = TableProtocol(minReaderVersion: 1, minWriterVersion: 2)

  init(_ json: JSON) throws(MalformedAction) {
    let fields = ActionFields(action: "protocol", json: json)
    self.init(
      minReaderVersion: Int(try fields.int32("minReaderVersion")),
      minWriterVersion: Int(try fields.int32("minWriterVersion")),
      readerFeatures: json["readerFeatures"]?.array == nil
        ? nil : try fields.strings("readerFeatures"),
      writerFeatures: json["writerFeatures"]?.array == nil
        ? nil : try fields.strings("writerFeatures"))
  }

  var json: JSON {
    var members = [
      JSON.Member("minReaderVersion", .int(minReaderVersion)),
      JSON.Member("minWriterVersion", .int(minWriterVersion)),
    ]
    if let readerFeatures {
      members.append(JSON.Member("readerFeatures", .array(readerFeatures.map(JSON.string))))
    }
    if let writerFeatures {
      members.append(JSON.Member("writerFeatures", .array(writerFeatures.map(JSON.string))))
    }
    return .object(members)
  }
}

extension TableProtocol {
  /// Features that this version of Podium reads.
  static let readable: Set<String> = [
    "columnMapping", "deletionVectors", "timestampNtz", "typeWidening", "typeWidening-preview",
    "v2Checkpoint", "vacuumProtocolCheck",
  ]
  /// Features that bind a writer and that this version keeps.
  static let writable: Set<String> = [
    "appendOnly", "changeDataFeed", "checkConstraints", "columnMapping", "deletionVectors",
    "domainMetadata",
    "invariants", "timestampNtz", "typeWidening", "vacuumProtocolCheck",
  ]

  /// The reader features in force; the older versions imply theirs.
  var allReaderFeatures: [String] {
    switch minReaderVersion {
    case ..<2: []
    case 2: ["columnMapping"]
    default: readerFeatures ?? []
    }
  }

  /// The writer features in force; versions below 7 imply those of all lower ones.
  var allWriterFeatures: [String] {
    if minWriterVersion >= 7 { return writerFeatures ?? [] }
    let introduced: [(Int, [String])] = [
      (2, ["appendOnly", "invariants"]), (3, ["checkConstraints"]),
      (4, ["changeDataFeed", "generatedColumns"]), (5, ["columnMapping"]),
      (6, ["identityColumns"]),
    ]
    return introduced.filter { $0.0 <= minWriterVersion }.flatMap(\.1)
  }

  /// Refuses tables that need what Podium cannot read.
  func checkReadable(_ table: String) throws(DeltaError) {
    guard minReaderVersion <= 3 else {
      throw .unsupportedProtocol(reader: minReaderVersion, writer: minWriterVersion, table: table)
    }
    let missing = allReaderFeatures.filter { !TableProtocol.readable.contains($0) }
    if !missing.isEmpty { throw .unsupportedFeatures(missing, writing: false, table: table) }
  }

  /// Refuses tables that bind a writer to what Podium does not keep.
  ///
  /// A feature that the versions below 7 know binds only where the table uses it.
  func checkWritable(_ table: String, _ metadata: Metadata) throws(DeltaError) {
    guard minWriterVersion <= 7 else {
      throw .unsupportedProtocol(reader: minReaderVersion, writer: minWriterVersion, table: table)
    }
    let missing = allWriterFeatures.filter {
      !TableProtocol.writable.contains($0) && metadata.uses($0)
    }
    if !missing.isEmpty { throw .unsupportedFeatures(missing, writing: true, table: table) }
  }
}

extension Metadata {
  /// True if the table makes use of a feature that an old protocol version merely allows.
  func uses(_ feature: String) -> Bool {
    switch feature {
    case "invariants": schemaString.contains("delta.invariants")
    case "checkConstraints":
      configuration.keys.contains { $0.hasPrefix(Snapshot.constraintPrefix) }
    case "changeDataFeed": isOn("delta.enableChangeDataFeed")
    case "generatedColumns": schemaString.contains("delta.generationExpression")
    case "columnMapping":
      configuration[Metadata.mappingModeKey].map { $0 != "none" } ?? false
    case "identityColumns": schemaString.contains("delta.identity.")
    default: true
    }
  }
}
