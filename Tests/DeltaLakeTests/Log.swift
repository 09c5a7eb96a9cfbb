import Basics
import Storage

@testable import DeltaLake

/// A transaction log written by hand.
struct Log {
  let store = MemoryStore(clock: Clock { Timestamp(milliseconds: 1_700_000_000_000) })

  static let format = #"{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}"#
  static let metadata = metadata()

  /// A `metaData` action of a table with the columns `a` (long) and `p` (string).
  static func metadata(
    id: String = "id-1", partitions: [String] = [], configuration: [String: String] = [:],
    schema: String? = nil
  ) -> String {
    let columns = """
      {"type":"struct","fields":[\
      {"name":"a","type":"long","nullable":true,"metadata":{}},\
      {"name":"p","type":"string","nullable":true,"metadata":{}}]}
      """
    let json: JSON = [
      "metaData": [
        "id": .string(id), "format": ["provider": "parquet", "options": [:]],
        "schemaString": .string(schema ?? columns),
        "partitionColumns": .array(partitions.map(JSON.string)),
        "configuration": .map(configuration),
      ]
    ]
    return json.text
  }

  static func add(_ path: String, vector: String? = nil, change: Bool = true, rows: Int = 1)
    -> String
  {
    """
    {"add":{"path":"\(path)","partitionValues":{},"size":10,"modificationTime":1,\
    "dataChange":\(change),"stats":"{\\"numRecords\\":\(rows)}"\(deletionVector(vector))}}
    """
  }

  static func remove(_ path: String, vector: String? = nil, change: Bool = true) -> String {
    """
    {"remove":{"path":"\(path)","deletionTimestamp":1700000000000,"dataChange":\(change)\
    \(deletionVector(vector))}}
    """
  }

  private static func deletionVector(_ name: String?) -> String {
    name.map {
      """
      ,"deletionVector":{"storageType":"u","pathOrInlineDv":"\($0)","offset":1,"sizeInBytes":30,\
      "cardinality":2}
      """
    } ?? ""
  }

  static func txn(_ app: String, _ version: Int64) -> String {
    #"{"txn":{"appId":"\#(app)","version":\#(version)}}"#
  }

  func commit(_ version: Int64, _ lines: String...) throws {
    try put(LogFile.commitPath(version), lines.joined(separator: "\n") + "\n")
  }

  func put(_ path: String, _ text: String) throws { try store.put(path, Array(text.utf8)) }

  /// Commits from 0 on that each add one file.
  func commits(_ versions: ClosedRange<Int64>) throws {
    for version in versions {
      if version == 0 {
        try commit(0, Log.format, Log.metadata, Log.add("f0"))
      } else {
        try commit(version, Log.add("f\(version)"))
      }
    }
  }
}
