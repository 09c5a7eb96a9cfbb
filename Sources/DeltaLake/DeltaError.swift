import Basics
import Storage

/// Why a Delta table could not be read or written.
public enum DeltaError: Error, Hashable, Sendable {
  /// There is no transaction log at the address.
  case notATable(String)
  /// The table has no such version; the versions it has, where any can still be read.
  case noSuchVersion(Int64, available: ClosedRange<Int64>?, table: String)
  /// A commit between the first and the last is missing.
  case missingCommit(Int64, table: String)
  /// The log lacks its protocol or metadata.
  case incompleteLog(String, version: Int64)
  /// A file of the log does not hold what it should.
  case malformedLog(file: String, line: Int, reason: String, table: String)
  /// The table needs abilities that Podium does not have.
  case unsupportedFeatures([String], writing: Bool, table: String)
  /// A protocol version beyond those that exist.
  case unsupportedProtocol(reader: Int, writer: Int, table: String)
  /// Another writer changed what this one had read.
  case conflict(Conflict)
  /// The store failed while it wrote a commit and could not be asked whether it did.
  case commitInDoubt(version: Int64, reason: String, table: String)
  /// More than one source row matches a target row in a MERGE.
  case ambiguousMerge(rows: Int64, table: String)
  /// An engine wrote other rows than it was given.
  case rowsLost(written: Int64, expected: Int64, table: String)
  /// A stored row broke a promise of the table.
  case constraintViolated(name: String, rows: Int64, table: String)
  /// Rows of a table that only grows were to be removed or changed.
  case appendOnly(String)
  /// A column that the table does not have.
  case unknownColumn(String, known: [String], table: String)
  /// A CHECK constraint that the table does not have.
  case unknownConstraint(String, known: [String], table: String)
  /// A condition that the table promises for all rows could not be understood.
  case unusableConstraint(name: String, reason: String, table: String)
  /// SQL over the table's columns that the engine does not take.
  case unusableExpression(String, reason: String, writing: Bool, table: String)
  /// A property of Delta's name space that Podium does not keep.
  case unknownProperty(String, known: [String], table: String)
  /// A value that a property cannot have.
  case badPropertyValue(String, value: String, expected: String, table: String)
  /// The schema cannot be changed as asked.
  case schemaChange(String, table: String)
  /// A bad value in the table's own metadata, such as its schema.
  case malformedMetadata(String, table: String)
  /// A checkpoint could not be used and the commits it stands for are gone.
  case unreadableCheckpoint(version: Int64, reason: String, table: String)
  /// The deleted rows of a data file are not known.
  case unreadableDeletionVector(file: String, reason: String, table: String)
  /// The table has no version that is as old.
  case beforeFirstVersion(Timestamp, first: Int64, table: String)
  /// A folder to be made a table is one.
  case alreadyATable(String)
  /// A folder to be made a table holds no Parquet file.
  case noDataFiles(String)
  /// A file lies in folders of other partition columns than the others.
  case mixedPartitions(String, expected: [String], table: String)
  /// A folder's name has no value of the partition column's type.
  case badPartitionValue(String, column: String, type: String, file: String, table: String)
  /// A data file that an old version needs was removed.
  case fileGone(String, version: Int64, table: String)
  /// A VACUUM that could take files away from running readers; times in milliseconds.
  case shortRetention(asked: Int64, table: String, own: Int64)
  /// More deleted rows than the vectors of one commit can hold.
  case tooManyDeletedRows(table: String)
}

/// Two writers that cannot both succeed.
public struct Conflict: Hashable, Sendable {
  /// What the winner did that the loser cannot build on.
  public enum Kind: String, Hashable, Sendable {
    case protocolChanged = "changed the table's protocol"
    case metadataChanged = "changed the table's metadata"
    case filesAdded = "added rows that this write should have seen"
    case filesRemoved = "removed or rewrote files that this write had read"
    case transactionRecorded = "recorded progress of the same application"
    case commitsGone = "removed older commits that this write would have to follow"
  }

  public let kind: Kind
  /// The version this write was based on.
  public let readVersion: Int64
  /// The version that another writer committed first.
  public let winningVersion: Int64
  /// What this write was doing.
  public let operation: String
  public let table: String
}

extension DeltaError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notATable(let table):
      "\(table) is not a Delta table: it has no _delta_log folder with a commit"
    case .noSuchVersion(let version, let available, let table):
      "\(table) has no version \(version)"
        + (available.map { "; it has \($0.lowerBound) to \($0.upperBound)" } ?? "")
    case .missingCommit(let version, let table):
      "\(table): commit \(version) is missing from its log"
    case .incompleteLog(let table, let version):
      "\(table): its log up to version \(version) lacks the protocol or the metadata"
    case .malformedLog(let file, let line, let reason, let table):
      "\(table): \(file)\(line > 0 ? ":\(line)" : ""): \(reason). Put this file of the log back from a "
        + "backup"
        + (DeltaError.versionBefore(file).map { "; --version \($0) reads what was before it" } ?? "")
    case .unsupportedFeatures(let features, let writing, let table):
      "\(table) needs table features that Podium cannot \(writing ? "write" : "read"): "
        + features.joined(separator: ", ")
    case .unsupportedProtocol(let reader, let writer, let table):
      "\(table) needs the protocol versions \(reader) (reader) and \(writer) (writer)"
    case .conflict(let conflict): conflict.description
    case .commitInDoubt(let version, let reason, let table):
      "\(table): version \(version) may have been written or not: \(reason). Look at the table's "
        + "history before the same is written again."
    case .ambiguousMerge(let rows, let table):
      "\(table): \(counted(rows, "row")) matched by more than one source row; nothing was changed"
    case .rowsLost(let written, let expected, let table):
      "\(table): \(written) of \(expected) rows were written; nothing was committed"
    case .constraintViolated(let name, let rows, let table):
      "\(table): \(counted(rows, "row")) that \(rows == 1 ? "breaks" : "break") '\(name)'; nothing was "
        + "changed"
    case .appendOnly(let table):
      "\(table) only takes new rows (delta.appendOnly is true); nothing was changed"
    case .unknownColumn(let name, let known, let table):
      "\(table) has no column '\(name)'." + didYouMean(name, in: known)
    case .unknownConstraint(let name, let known, let table):
      "\(table) has no constraint '\(name)'." + didYouMean(name, in: known)
    case .unusableConstraint(let name, let reason, let table):
      "\(table): its constraint '\(name)' cannot be checked, so nothing was written: \(reason)"
    case .unusableExpression(let text, let reason, let writing, let table):
      "\(table): '\(printable(text))' cannot be used\(writing ? ", so nothing was changed" : ""): "
        + reason
    case .unknownProperty(let name, let known, let table):
      "\(table): '\(printable(name))' is no property that Podium keeps; nothing was changed."
        + (didYouMean(name, in: known).isEmpty
          ? " There are \(known.joined(separator: ", "))." : didYouMean(name, in: known))
    case .badPropertyValue(let name, let value, let expected, let table):
      "\(table): \(name) cannot be '\(printable(value))', but \(expected); nothing was changed"
    case .schemaChange(let what, let table): "\(table): \(what)"
    case .malformedMetadata(let what, let table): "\(table): \(what)"
    case .unreadableCheckpoint(let version, let reason, let table):
      "\(table): the checkpoint of version \(version) cannot be read: \(reason)"
    case .unreadableDeletionVector(let file, let reason, let table):
      "\(table): the deletion vector of \(file) cannot be read: \(reason)"
    case .beforeFirstVersion(let time, let first, let table):
      "\(table): its oldest version, \(first), is younger than \(time.text(decimals: 3))"
    case .alreadyATable(let table): "\(table) is a Delta table already"
    case .noDataFiles(let table): "\(table) holds no Parquet file"
    case .mixedPartitions(let file, let expected, let table):
      "\(table): \(file) does not lie in folders of "
        + (expected.isEmpty ? "no partition" : expected.map { "\($0)=…" }.joined(separator: "/"))
        + ", as the others do; nothing was changed"
    case .badPartitionValue(let value, let column, let type, let file, let table):
      "\(table): '\(value)', in the path of \(file), is no \(type) for the partition column "
        + "'\(column)'; nothing was changed"
    case .fileGone(let path, let version, let table):
      "\(table): version \(version) needs \(path), which is no longer there; a VACUUM may have "
        + "removed it. Nothing was changed."
    case .shortRetention(let asked, let table, let own):
      "\(table): files of the last \(hours(own)) may still be read or written, so a retention of "
        + "\(hours(asked)) is refused. Nothing was removed."
    case .tooManyDeletedRows(let table):
      "\(table): the positions of the deleted rows take more than 2 GB; delete fewer at a time"
    }
  }
}

extension DeltaError {
  /// The version before that of a commit's file; nil for other files and the first one.
  private static func versionBefore(_ file: String) -> Int64? {
    guard file.utf8.count == 25, file.hasSuffix(".json"), let version = Int64(file.dropLast(5)),
      version > 0
    else { return nil }
    return version - 1
  }
}

extension Conflict: CustomStringConvertible {
  public var description: String {
    "\(table): another writer committed version \(winningVersion) and \(kind.rawValue); this "
      + "\(operation), based on version \(readVersion), was not committed. Run it again."
  }
}

/// Milliseconds in hours, as `168 hours` or `1.5 hours`.
private func hours(_ milliseconds: Int64) -> String {
  let tenths = milliseconds / 360_000
  let text = tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  return text == "1" ? "1 hour" : text + " hours"
}
