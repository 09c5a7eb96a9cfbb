import Basics
import Lakehouse
import Podium
import Storage

/// Exactly which versions of its inputs a table's next commit stands for.
///
/// It is stored before the batch's first commit and removed after its last, so that a retry after a
/// crash reads the same rows and judges them against the same state: what is in quarantine by then and
/// what gets into the table never overlap.
struct Batch: Hashable {
  /// One input.
  struct Input: Hashable {
    let name: TableName
    /// The input's metadata id.
    let identity: String
    /// The last version consumed before; nil reads from the beginning.
    let from: Int64?
    /// The last version this batch consumes.
    let to: Int64
    /// True for rows since `from`, false for the table as of `to`.
    let onlyNew: Bool
  }

  let run: String
  let fingerprint: String
  let inputs: [Input]
  /// True if the table is computed anew.
  let rebuild: Bool
  /// The business date, `yyyy-MM-dd`.
  let asOf: String
  /// The version of the table's quarantine before the batch; nil where there was none.
  let quarantine: Int64?
  /// False for a part of a backfill, after which the table has still to follow the same changes.
  var recordsProgress = true
  /// True if the table is computed whole because its inputs changed, so that keys which these no
  /// longer hold go on purpose.
  var followsInputs = false
}

extension Batch {
  /// A table has one at most.
  private static func path(_ table: Table) -> String { "\(table.name).json" }

  /// Stores the batch before its first commit.
  func store(_ table: Table, in records: any ObjectStore) throws(StorageError) {
    try records.put(Batch.path(table), Array(json.text.utf8))
  }

  /// Forgets a batch that was committed or has no meaning any more.
  static func remove(_ table: Table, from records: any ObjectStore) throws(StorageError) {
    try records.delete(path(table))
  }

  /// The batch that an earlier run began; nil where there is none, or none that can be read.
  static func pending(_ table: Table, in records: any ObjectStore) throws(StorageError) -> Batch? {
    guard try records.info(path(table)) != nil else { return nil }
    guard let json = try? JSON(parsing: try records.read(path(table))) else { return nil }
    return Batch(json)
  }

  var json: JSON {
    [
      "run": .string(run), "fingerprint": .string(fingerprint), "rebuild": .bool(rebuild),
      "asOf": .string(asOf), "quarantine": .optional(quarantine),
      "inputs": .array(
        inputs.map {
          [
            "name": .string($0.name.description), "identity": .string($0.identity),
            "from": .optional($0.from), "to": .int($0.to),
            "onlyNew": .bool($0.onlyNew),
          ]
        }),
    ]
  }

  init?(_ json: JSON) {
    guard let run = json["run"]?.string, let fingerprint = json["fingerprint"]?.string,
      let rebuild = json["rebuild"]?.bool, let asOf = json["asOf"]?.string,
      let entries = json["inputs"]?.array
    else { return nil }
    var inputs: [Input] = []
    for entry in entries {
      guard let name = entry["name"]?.string, let identity = entry["identity"]?.string,
        let to = entry["to"]?.int, let onlyNew = entry["onlyNew"]?.bool
      else { return nil }
      inputs.append(
        Input(
          name: TableName(name), identity: identity, from: entry["from"]?.int, to: to,
          onlyNew: onlyNew))
    }
    self.init(
      run: run, fingerprint: fingerprint, inputs: inputs, rebuild: rebuild, asOf: asOf,
      quarantine: json["quarantine"]?.int)
  }
}

extension Lake {
  /// The records of what tables have begun and not committed.
  var batches: any ObjectStore {
    records.folder("batches", rights: .ownerOnly, followsLinks: true)
  }
}
