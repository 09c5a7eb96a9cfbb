import Basics

extension TableProtocol {
  /// The lowest protocol that backs what a table's metadata asks for.
  ///
  /// A table that asks for nothing gets (1, 2), which every reader and writer knows. Anything more
  /// is listed by name, under (1, 7) where only writers need it and (3, 7) where readers do too.
  public init(for metadata: Metadata) {
    self = TableProtocol.plain.backing(metadata)
  }

  /// Features that readers must know too.
  static let readerFeatureNames: Set<String> = [
    "columnMapping", "deletionVectors", "timestampNtz", "typeWidening", "v2Checkpoint",
    "vacuumProtocolCheck",
  ]

  /// This protocol with what a table's metadata needs besides; never a lower one.
  public func backing(_ metadata: Metadata) -> TableProtocol {
    let missing = metadata.neededFeatures.filter { !lists($0) }
    guard !missing.isEmpty else { return self }
    // Features that the older versions imply are listed once versions no longer do.
    var writer = Set(allWriterFeatures)
    if minWriterVersion < 7 {
      writer = writer.filter { ["appendOnly", "invariants"].contains($0) || metadata.uses($0) }
    }
    writer.formUnion(missing)
    var reader = Set(allReaderFeatures)
    reader.formUnion(missing.filter(TableProtocol.readerFeatureNames.contains))
    return TableProtocol(
      minReaderVersion: reader.isEmpty ? 1 : 3, minWriterVersion: 7,
      readerFeatures: reader.isEmpty ? nil : reader.sorted(), writerFeatures: writer.sorted())
  }
}

extension Metadata {
  /// The features that the table's properties and columns need.
  var neededFeatures: [String] {
    var features: [String] = []
    if isOn("delta.enableDeletionVectors") { features.append("deletionVectors") }
    if isOn("delta.enableTypeWidening") { features.append("typeWidening") }
    for feature in ["checkConstraints", "changeDataFeed", "columnMapping"] where uses(feature) {
      features.append(feature)
    }
    if schemaString.contains("\"timestamp_ntz\"") { features.append("timestampNtz") }
    return features
  }
}
