import Basics

extension Action {
  /// The action as an object with one member, as a line of a commit holds it.
  var json: JSON {
    switch self {
    case .add(let add): ["add": add.json]
    case .remove(let remove): ["remove": remove.json]
    case .metaData(let metadata): ["metaData": metadata.json]
    case .protocol(let versions): ["protocol": versions.json]
    case .txn(let txn): ["txn": txn.json]
    case .domainMetadata(let domain):
      [
        "domainMetadata": [
          "domain": .string(domain.domain), "configuration": .string(domain.configuration),
          "removed": .bool(domain.removed),
        ]
      ]
    case .cdc(let file):
      [
        "cdc": [
          "path": .string(file.path), "partitionValues": partition(file.partitionValues),
          "size": .int(file.size), "dataChange": false,
        ]
      ]
    case .commitInfo(let info): ["commitInfo": .object(info.fields)]
    case .sidecar(let sidecar):
      ["sidecar": ["path": .string(sidecar.path), "sizeInBytes": .int(sidecar.sizeInBytes)]]
    case .checkpointMetadata(let version): ["checkpointMetadata": ["version": .int(version)]]
    }
  }
}

/// Strings or nulls by name, in the order of the names.
private func partition(_ values: [String: String?]) -> JSON {
  .object(values.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .optional($0.value)) })
}

/// Collects the members of an action and leaves out those without a value.
private struct Members {
  var list: [JSON.Member] = []

  mutating func set(_ name: String, _ value: JSON?) {
    if let value { list.append(JSON.Member(name, value)) }
  }
}

extension AddFile {
  var json: JSON {
    var members = Members()
    members.set("path", .string(path))
    members.set("partitionValues", partition(partitionValues))
    members.set("size", .int(size))
    members.set("modificationTime", .int(modificationTime))
    members.set("dataChange", .bool(dataChange))
    members.set("stats", stats.map(JSON.string))
    members.set("tags", tags.map(partition))
    members.set("deletionVector", deletionVector?.json)
    members.set("baseRowId", baseRowId.map { .int($0) })
    members.set("defaultRowCommitVersion", defaultRowCommitVersion.map { .int($0) })
    members.set("clusteringProvider", clusteringProvider.map(JSON.string))
    return .object(members.list)
  }
}

extension RemoveFile {
  var json: JSON {
    var members = Members()
    members.set("path", .string(path))
    members.set("deletionTimestamp", deletionTimestamp.map { .int($0) })
    members.set("dataChange", .bool(dataChange))
    members.set("extendedFileMetadata", extendedFileMetadata.map(JSON.bool))
    members.set("partitionValues", partitionValues.map(partition))
    members.set("size", size.map { .int($0) })
    members.set("deletionVector", deletionVector?.json)
    members.set("baseRowId", baseRowId.map { .int($0) })
    members.set("defaultRowCommitVersion", defaultRowCommitVersion.map { .int($0) })
    return .object(members.list)
  }
}

extension DeletionVector {
  var json: JSON {
    var members = Members()
    members.set("storageType", .string(storageType))
    members.set("pathOrInlineDv", .string(pathOrInlineDv))
    members.set("offset", offset.map { .int($0) })
    members.set("sizeInBytes", .int(sizeInBytes))
    members.set("cardinality", .int(cardinality))
    return .object(members.list)
  }
}

extension Metadata {
  var json: JSON {
    var members = Members()
    members.set("id", .string(id))
    members.set("name", name.map(JSON.string))
    members.set("description", description.map(JSON.string))
    members.set("format", ["provider": "parquet", "options": [:]])
    members.set("schemaString", .string(schemaString))
    members.set("partitionColumns", .array(partitionColumns.map(JSON.string)))
    members.set("configuration", .map(configuration))
    members.set("createdTime", createdTime.map { .int($0) })
    return .object(members.list)
  }
}

extension SetTransaction {
  var json: JSON {
    var members = Members()
    members.set("appId", .string(appId))
    members.set("version", .int(version))
    members.set("lastUpdated", lastUpdated.map { .int($0) })
    return .object(members.list)
  }
}
