import Basics
import Glibc
import Storage

/// A folder with backups of a lake: the bytes of files by their content, and for each point in time a
/// list of files.
///
///     podium-backup.json
///     objects/3f/3f0c…-1234   a file's bytes, named by hash (XXH3, 63 bits) and size
///     points/20250301T061200Z-1a2b.json
struct BackupFolder: Sendable {
  let store: LocalStore
  private static let marker = "podium-backup.json"

  init(_ path: String) throws(BackupError) {
    guard !path.contains("://") else { throw .notLocal(path) }
    store = LocalStore(root: path, rights: .ownerOnly, followsLinks: false)
  }

  /// True if there is a backup; an error where the folder holds something else.
  func exists() throws -> Bool {
    if try store.info(BackupFolder.marker) != nil { return true }
    guard kindOfFile(store.root) != .missing else { return false }
    guard namesInFolder(store.root)?.isEmpty == true else {
      throw BackupError.notABackup(store.root)
    }
    return false
  }

  /// Makes the folder a backup.
  func create() throws {
    let text: JSON = ["format": 1]
    try store.put(BackupFolder.marker, Array(text.text.utf8))
  }

  /// The id of a new point: its moment, or the next one after the newest point's where the clock was
  /// set back since, and a random part.
  static func id(_ time: Timestamp, after newest: String?) -> String {
    func text(_ time: Timestamp) -> String {
      time.text(decimals: 3).filter { $0 != "-" && $0 != ":" }
    }
    var moment = text(time)
    if let last = newest?.prefix(while: { $0 != "-" }), moment <= last,
      let then = BackupFolder.moment(of: last)
    {
      moment = text(Timestamp(microseconds: then.microseconds + 1000))
    }
    return "\(moment)-\(uniqueName().prefix(4))"
  }

  /// The moment of `yyyyMMddTHHmmss.SSSZ`.
  private static func moment(of text: Substring) -> Timestamp? {
    let parts = Array(text)
    guard parts.count == 20 else { return nil }
    func part(_ range: Range<Int>) -> String { String(parts[range]) }
    return Timestamp(
      iso8601: "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(9..<11)):\(part(11..<13)):"
        + part(13..<20))
  }

  /// The ids of all points, oldest first.
  func points() throws -> [String] {
    try store.list("points/").compactMap { object in
      let name = lastPathComponent(object.path)
      return name.hasSuffix(".json") ? String(name.dropLast(5)) : nil
    }.sorted()
  }

  /// The point of an id or of the beginning of one; the newest where none is named.
  func point(_ asked: String?) throws -> BackupPoint {
    guard try exists() else { throw BackupError.noBackup(store.root) }
    let known = try points()
    let id: String
    if let asked {
      let found = known.contains(asked) ? [asked] : known.filter { $0.hasPrefix(asked) }
      guard let first = found.first else {
        throw BackupError.unknownPoint(asked, near: nearest(asked, in: known))
      }
      guard found.count == 1 else { throw BackupError.severalPoints(asked, found) }
      id = first
    } else {
      guard let newest = known.last else { throw BackupError.noPoint(store.root) }
      id = newest
    }
    guard let point = read(id) else { throw damaged(id) }
    return point
  }

  /// The newest point that can be read; nil where there is none.
  func newest() throws -> BackupPoint? {
    try points().reversed().lazy.compactMap(read).first
  }

  /// A point; nil where its list of files cannot be read.
  func read(_ id: String) -> BackupPoint? {
    guard let json = try? JSON(parsing: try store.read(BackupFolder.path(id))) else { return nil }
    return BackupPoint(json, id: id)
  }

  /// The error of a point that cannot be read.
  func damaged(_ id: String) -> BackupError {
    .damagedPoint(
      id, path: store.address(BackupFolder.path(id)), other: (try? newest())??.id)
  }

  private static func path(_ id: String) -> String { "points/\(id).json" }

  func write(_ point: BackupPoint) throws {
    try store.put(BackupFolder.path(point.id), Array(point.json.text.utf8))
  }

  /// True if bytes of that content are there, by their number.
  func has(_ content: ContentHash) throws -> Bool {
    try store.info(BackupFile.object(content))?.size == content.size
  }

  /// True if the bytes of a content are there and whole.
  func isWhole(_ content: ContentHash) throws -> Bool {
    guard try has(content) else { return false }
    return try store.contentHash(BackupFile.object(content)) == content
  }
}

extension BackupPoint {
  fileprivate var json: JSON {
    [
      "format": 1, "time": .int(time.microseconds), "history": .bool(hasHistory),
      "files": .array(
        files.map {
          [
            "path": .string($0.path), "hash": .int($0.content.value), "size": .int($0.content.size),
            "modified": .int($0.modified.microseconds), "mode": .int($0.mode),
          ]
        }),
    ]
  }

  fileprivate init?(_ json: JSON, id: String) {
    guard let time = json["time"]?.int, let history = json["history"]?.bool,
      let entries = json["files"]?.array
    else { return nil }
    var files: [BackupFile] = []
    for entry in entries {
      guard let path = entry["path"]?.string, let hash = entry["hash"]?.int,
        let size = entry["size"]?.int, let modified = entry["modified"]?.int,
        let mode = entry["mode"]?.int, BackupPoint.staysBelow(path)
      else { return nil }
      files.append(
        BackupFile(
          path: path, content: ContentHash(value: hash, size: size),
          modified: Timestamp(microseconds: modified), mode: mode))
    }
    self.init(
      id: id, time: Timestamp(microseconds: time), hasHistory: history, files: files)
  }

  /// True for a path that leads to no place beside the lake.
  private static func staysBelow(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return !parts.contains { $0.isEmpty || $0 == "." || $0 == ".." }
  }
}
