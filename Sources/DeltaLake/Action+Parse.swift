import Basics

/// An action whose fields are not of the kinds that the protocol gives them.
struct MalformedAction: Error {
  let reason: String
}

extension Action {
  /// Reads an action; nil for one that the protocol may have added since.
  static func parse(_ json: JSON) throws(MalformedAction) -> Action? {
    guard let members = json.object else {
      throw MalformedAction(reason: "an action is not an object")
    }
    for member in members where !member.value.isNull {
      let value = member.value
      switch member.name {
      case "add": return .add(try AddFile(value))
      case "remove": return .remove(try RemoveFile(value))
      case "metaData": return .metaData(try Metadata(value))
      case "protocol": return .protocol(try TableProtocol(value))
      case "txn": return .txn(try SetTransaction(value))
      case "domainMetadata": return .domainMetadata(try DomainMetadata(value))
      case "cdc": return .cdc(try AddCDCFile(value))
      case "commitInfo": return .commitInfo(CommitInfo(value.object ?? []))
      case "sidecar": return .sidecar(try Sidecar(value))
      case "checkpointMetadata":
        return .checkpointMetadata(version: value["version"]?.int ?? -1)
      default: continue
      }
    }
    return nil
  }
}

/// Reads fields of one action and remembers its name for errors.
struct ActionFields {
  let action: String
  let json: JSON

  private func wrong(_ field: String) -> MalformedAction {
    MalformedAction(reason: "\(action).\(field) is missing or of the wrong kind")
  }

  func optional(_ field: String) -> JSON? {
    guard let value = json[field], !value.isNull else { return nil }
    return value
  }

  func string(_ field: String) throws(MalformedAction) -> String {
    guard let text = optional(field)?.string else { throw wrong(field) }
    return text
  }

  func int(_ field: String) throws(MalformedAction) -> Int64 {
    guard let value = optional(field)?.int else { throw wrong(field) }
    return value
  }

  func optionalInt(_ field: String) throws(MalformedAction) -> Int64? {
    guard let json = optional(field) else { return nil }
    guard let value = json.int else { throw wrong(field) }
    return value
  }

  func int32(_ field: String) throws(MalformedAction) -> Int32 {
    guard let value = Int32(exactly: try int(field)) else { throw wrong(field) }
    return value
  }

  func optionalMap(_ field: String) throws(MalformedAction) -> [String: String?]? {
    guard let json = optional(field) else { return nil }
    guard let map = json.stringMap else { throw wrong(field) }
    return map
  }

  func map(_ field: String) throws(MalformedAction) -> [String: String?] {
    guard let map = try optionalMap(field) else { throw wrong(field) }
    return map
  }

  func strings(_ field: String) throws(MalformedAction) -> [String] {
    guard let json = optional(field) else { return [] }
    guard let elements = json.array else { throw wrong(field) }
    var texts: [String] = []
    for element in elements {
      guard let text = element.string else { throw wrong(field) }
      texts.append(text)
    }
    return texts
  }

  func deletionVector() throws(MalformedAction) -> DeletionVector? {
    guard let json = optional("deletionVector") else { return nil }
    let fields = ActionFields(action: action + ".deletionVector", json: json)
    let offset = try fields.optionalInt("offset")
    guard offset.map({ Int32(exactly: $0) != nil }) ?? true else { throw wrong("deletionVector") }
    return DeletionVector(
      storageType: try fields.string("storageType"),
      pathOrInlineDv: try fields.string("pathOrInlineDv"), offset: offset.flatMap(Int32.init),
      sizeInBytes: try fields.int32("sizeInBytes"), cardinality: try fields.int("cardinality"))
  }
}

extension AddFile {
  init(_ json: JSON) throws(MalformedAction) {
    let fields = ActionFields(action: "add", json: json)
    self.init(
      path: try fields.string("path"),
      partitionValues: try fields.optionalMap("partitionValues") ?? [:],
      size: try fields.int("size"),
      modificationTime: try fields.optionalInt("modificationTime") ?? 0,
      dataChange: fields.optional("dataChange")?.bool ?? true,
      stats: fields.optional("stats")?.string, tags: try fields.optionalMap("tags"),
      deletionVector: try fields.deletionVector(),
      baseRowId: try fields.optionalInt("baseRowId"),
      defaultRowCommitVersion: try fields.optionalInt("defaultRowCommitVersion"),
      clusteringProvider: fields.optional("clusteringProvider")?.string)
  }
}

extension RemoveFile {
  init(_ json: JSON) throws(MalformedAction) {
    let fields = ActionFields(action: "remove", json: json)
    self.init(
      path: try fields.string("path"), dataChange: fields.optional("dataChange")?.bool ?? true)
    deletionTimestamp = try fields.optionalInt("deletionTimestamp")
    extendedFileMetadata = fields.optional("extendedFileMetadata")?.bool
    partitionValues = try fields.optionalMap("partitionValues")
    size = try fields.optionalInt("size")
    deletionVector = try fields.deletionVector()
    baseRowId = try fields.optionalInt("baseRowId")
    defaultRowCommitVersion = try fields.optionalInt("defaultRowCommitVersion")
  }
}

extension Metadata {
  init(_ json: JSON) throws(MalformedAction) {
    let fields = ActionFields(action: "metaData", json: json)
    let configuration = try fields.optionalMap("configuration") ?? [:]
    self.init(
      id: try fields.string("id"), name: fields.optional("name")?.string,
      description: fields.optional("description")?.string,
      schemaString: fields.optional("schemaString")?.string ?? "",
      partitionColumns: try fields.strings("partitionColumns"),
      configuration: configuration.compactMapValues { $0 },
      createdTime: try fields.optionalInt("createdTime"))
  }
}

extension SetTransaction {
  init(_ json: JSON) throws(MalformedAction) {
    let fields = ActionFields(action: "txn", json: json)
    self.init(
      appId: try fields.string("appId"), version: try fields.int("version"),
      lastUpdated: try fields.optionalInt("lastUpdated"))
  }
}

extension DomainMetadata {
  init(_ json: JSON) throws(MalformedAction) {
    let fields = ActionFields(action: "domainMetadata", json: json)
    self.init(
      domain: try fields.string("domain"),
      configuration: fields.optional("configuration")?.string ?? "",
      removed: fields.optional("removed")?.bool ?? false)
  }
}

extension AddCDCFile {
  init(_ json: JSON) throws(MalformedAction) {
    let fields = ActionFields(action: "cdc", json: json)
    self.init(
      path: try fields.string("path"),
      partitionValues: try fields.optionalMap("partitionValues") ?? [:],
      size: try fields.optionalInt("size") ?? 0)
  }
}

extension Sidecar {
  init(_ json: JSON) throws(MalformedAction) {
    let fields = ActionFields(action: "sidecar", json: json)
    self.init(
      path: try fields.string("path"), sizeInBytes: try fields.optionalInt("sizeInBytes") ?? 0)
  }
}
