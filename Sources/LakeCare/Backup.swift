import Basics
import Storage

/// A file of a lake as a backup knows it.
struct BackupFile: Hashable, Sendable {
  /// Below the lake.
  let path: String
  let content: ContentHash
  let modified: Timestamp
  /// The rights of the file, such as 0o600.
  let mode: Int64

  /// Where its bytes lie below the backup: files of one content are one.
  var object: String { BackupFile.object(content) }

  static func object(_ content: ContentHash) -> String {
    let digits = String(content.value, radix: 16)
    let hash = String(repeating: "0", count: max(0, 16 - digits.count)) + digits
    return "objects/\(hash.prefix(2))/\(hash)-\(content.size)"
  }
}

/// A lake at one moment, as a backup can bring it back.
public struct BackupPoint: Hashable, Sendable {
  /// The moment, UTC to the millisecond, and a random part.
  public let id: String
  /// When the versions were fixed.
  public let time: Timestamp
  /// False where only the newest version of each table is in it.
  public let hasHistory: Bool
  let files: [BackupFile]

  /// How many files it has.
  public var fileCount: Int { files.count }
  /// Bytes of all files.
  public var bytes: Int64 { files.reduce(0) { $0 &+ $1.content.size } }
}

/// What a backup did, or would do.
public struct BackupReport: Hashable, Sendable {
  /// nil where nothing was written.
  public let point: String?
  public let files: Int
  public let bytes: Int64
  /// Files whose bytes the backup did not have yet; the record of runs and the other small files
  /// that are written anew under their names are not counted.
  public let copiedFiles: Int
  public let copiedBytes: Int64
  /// Landing files that went or changed while they were copied, and whatever else is worth a look.
  public let warnings: [String]
  public let seconds: Double
  /// Seconds for which runs had to wait.
  public let locked: Double
}

/// Why a lake was not backed up or brought back.
public enum BackupError: Error, Hashable, Sendable {
  /// What is named is no folder of this machine but a place elsewhere.
  case notLocal(String)
  /// The folder holds something else.
  case notABackup(String)
  /// There is no such folder, or it is empty.
  case noBackup(String)
  /// The backup would lie in the lake, or the lake in the backup.
  case insideLake(String)
  /// The lake that would be brought back is there already.
  case notEmpty(String)
  case noPoint(String)
  case unknownPoint(String, near: String?)
  case severalPoints(String, [String])
  /// A file that the backup needs went or changed meanwhile.
  case changed(String)
  /// A file of the lake could not be read, or the backup not be written.
  case notCopied(StorageError)
  /// Bytes of the backup are not those that were put there; the file of the lake they are of.
  case damaged(file: String, object: String, Work)
  /// A point's list of files cannot be read; the newest of those that can.
  case damagedPoint(String, path: String, other: String?)
  /// What the system said to a file.
  case system(path: String, reason: String)

  /// What was done with the backup when something in it turned out damaged.
  public enum Work: Hashable, Sendable {
    case backUp, verify, restore
  }
}

extension BackupError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notLocal(let path):
      "'\(printable(path))' is no folder of this machine; write its path."
    case .notABackup(let path):
      "\(printable(path)) is not empty and no backup of Podium's. Nothing was changed. Name an empty "
        + "folder, or one with an earlier backup."
    case .noBackup(let path):
      "there is no backup at \(printable(path)). Name the folder of one."
    case .insideLake(let path):
      "\(printable(path)) and the lake lie one in the other. Nothing was changed. Name a folder "
        + "elsewhere, best on another disk."
    case .notEmpty(let path):
      "there is something at \(printable(path)) already, and nothing is written over. Name a new "
        + "folder with --lake."
    case .noPoint(let path): "the backup \(printable(path)) has no point to bring back."
    case .unknownPoint(let id, let near):
      "the backup has no point '\(printable(id))'.\(didYouMean(near)) "
        + "\(CommandHint.command("backup FOLDER --list")) lists them."
    case .severalPoints(let id, let points):
      "\(points.count) points begin with '\(printable(id))': "
        + points.prefix(3).joined(separator: ", ") + (points.count > 3 ? " and others." : ".")
    case .changed(let path):
      "\(path) went or changed while it was copied. No point was added; the same command goes on "
        + "from here."
    case .notCopied(let error):
      "\(error). No point was added, earlier ones are as they were. When it is mended, the same "
        + "command goes on from here."
    case .damaged(let file, let object, let work):
      "the copy of \(file), \(object), is missing or not what was put there. \(work.state) "
        + (work == .backUp
          ? "Look at the backup's disk, and type the same command again."
          : "While the lake is there, remove that copy and type "
            + "\(CommandHint.command("backup FOLDER")): it is copied anew. An earlier point may do "
            + "without it.")
    case .damagedPoint(let id, let path, let other):
      "the point \(id) cannot be brought back: its list of files, \(path), cannot be read. "
        + (other.map { "The other points are whole: name one with --point, such as \($0). " } ?? "")
        + "Remove the list to have the backup without that point."
    case .system(let path, let reason): "could not write \(path): \(reason)"
    }
  }
}

extension BackupError.Work {
  fileprivate var state: String {
    switch self {
    case .backUp: "No point was added."
    case .verify: "Nothing was changed; the point cannot be brought back as it is."
    case .restore: "The lake was not brought back."
    }
  }
}
