import Basics
import DeltaLake
import Engines
import Glibc
import Lakehouse
import Podium
import Runner
import SQLite
import Storage

/// A lake's files at one moment.
private struct FixedFiles {
  let time: Timestamp
  /// Files that nobody writes to again, or whose change is told: they are copied later.
  var objects: [ObjectInfo] = []
  /// Copies of files that change, by their path in the lake: they were made at that moment.
  var copies: [String: String] = [:]
  var warnings: [String] = []
}

extension LakeCare {
  /// Adds a point to a backup, and makes the backup where there is none.
  ///
  /// The lake's lock is held only while versions are fixed: data files and commits are written once,
  /// so they are copied while runs go on. Bytes that the backup has are not copied again. Each copy is
  /// read back before the point is written.
  /// - Parameters:
  ///   - history: false to take only the newest version of each table, and what tables have not read
  ///     of it.
  ///   - lock: takes the lake's lock; not asked for where nothing is to be written.
  public func backUp(
    to path: String, history: Bool = true, dryRun: Bool = false, lock: () throws -> LakeLock
  ) throws -> BackupReport {
    do { return try addPoint(to: path, history, dryRun, lock) } catch let error as StorageError {
      throw BackupError.notCopied(error)
    }
  }

  private func addPoint(
    to path: String, _ history: Bool, _ dryRun: Bool, _ lock: () throws -> LakeLock
  ) throws -> BackupReport {
    let start = monotonicSeconds()
    let backup = try BackupFolder(path)
    let root = backup.store.root + "/"
    guard !root.hasPrefix(lake.root + "/"), !(lake.root + "/").hasPrefix(root) else {
      throw BackupError.insideLake(path)
    }
    let isThere = try backup.exists()
    if !dryRun, !isThere { try backup.create() }
    let staging = "staging-\(uniqueName())"
    defer { removeFolder(backup.store.address(staging)) }
    var held = 0.0
    var fixed = try {
      let lock = try dryRun ? nil : lock()
      let since = monotonicSeconds()
      defer {
        held = dryRun ? 0 : monotonicSeconds() - since
        withExtendedLifetime(lock) {}
      }
      return try fix(history: history, staging: dryRun ? nil : backup.store.address(staging))
    }()
    let known = try isThere ? backup.newest() : nil
    if isThere, let newest = try backup.points().last, newest != known?.id {
      fixed.warnings.append(backup.damaged(newest).description)
    }
    let before = Dictionary(
      (known?.files ?? []).map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    let new = try fixed.objects.filter { try !isKnown($0, before, backup) }
    let bytes = fixed.objects.reduce(Int64(0)) { $0 &+ $1.size }
    guard !dryRun else {
      return BackupReport(
        point: nil, files: fixed.objects.count, bytes: bytes, copiedFiles: new.count,
        copiedBytes: new.reduce(0) { $0 &+ $1.size }, warnings: fixed.warnings,
        seconds: monotonicSeconds() - start, locked: held)
    }
    try backup.store.createFolder(staging)
    return try copy(fixed, new, before, backup, staging, history, (start, held))
  }

  private func copy(
    _ fixed: FixedFiles, _ new: [ObjectInfo], _ before: [String: BackupFile],
    _ backup: BackupFolder, _ staging: String, _ history: Bool,
    _ times: (start: Double, held: Double)
  ) throws -> BackupReport {
    var warnings = fixed.warnings
    let copied = try concurrentMap(new, width: 4) { object in
      try copy(object, backup, staging)
    }
    let fresh = Set(new.map(\.path))
    var files = fixed.objects.compactMap { object in
      fresh.contains(object.path) ? nil : before[object.path]
    }
    for (object, file) in zip(new, copied) {
      if let file, file.content.size == object.size, file.modified == object.modified {
        files.append(file)
        continue
      }
      guard object.path.hasPrefix("landing/") else {
        if try isNeeded(object.path) { throw BackupError.changed(object.path) }
        continue
      }
      warnings.append(
        "\(object.path) \(file == nil ? "went" : "changed") while it was copied"
          + (file == nil ? "" : "; the backup has it as it was then"))
      if let file { files.append(file) }
    }
    for (path, place) in fixed.copies.sorted(by: { $0.key < $1.key }) {
      files.append(try keep(path, FileCopy(place, to: "\(place)-copy"), "\(place)-copy", backup))
    }
    let point = BackupPoint(
      id: BackupFolder.id(fixed.time, after: try backup.points().last),
      time: fixed.time, hasHistory: history,
      files: files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) })
    try backup.write(point)
    return BackupReport(
      point: point.id, files: point.files.count, bytes: point.bytes, copiedFiles: new.count,
      copiedBytes: copied.reduce(0) { $0 &+ ($1?.content.size ?? 0) }, warnings: warnings,
      seconds: monotonicSeconds() - times.start, locked: times.held)
  }

  /// True if a file is as it was at the backup's newest point, and its bytes are there.
  private func isKnown(
    _ object: ObjectInfo, _ before: [String: BackupFile], _ backup: BackupFolder
  ) throws -> Bool {
    guard let file = before[object.path], file.content.size == object.size,
      file.modified == object.modified
    else { return false }
    return try backup.has(file.content)
  }

  /// The store of a file of the lake, and its path there.
  private func source(_ path: String) -> (store: any ObjectStore, path: String) {
    let landing = "landing/"
    return path.hasPrefix(landing)
      ? (lake.landing, String(path.dropFirst(landing.count))) : (lake.files, path)
  }

  /// Copies a file's bytes into the backup, and reads them back; nil where there is no file.
  private func copy(
    _ object: ObjectInfo, _ backup: BackupFolder, _ staging: String
  ) throws -> BackupFile? {
    let place = backup.store.address("\(staging)/\(uniqueName())")
    let (store, path) = source(object.path)
    let info = ObjectInfo(
      path: path, size: object.size, modified: object.modified, tag: object.tag)
    let copy: FileCopy
    do { copy = try FileCopy(info, in: store, to: place) } catch let error as StorageError {
      guard error.code == .notFound, try store.info(path) == nil else { throw error }
      return nil
    }
    return try keep(object.path, copy, place, backup)
  }

  /// Reads a copy back, and moves it to its place in the backup unless that has the bytes.
  private func keep(
    _ path: String, _ copy: FileCopy, _ place: String, _ backup: BackupFolder
  ) throws -> BackupFile {
    let file = BackupFile(
      path: path, content: copy.content, modified: copy.modified, mode: copy.mode)
    let staged = LocalStore(root: parentPath(place))
    guard try staged.contentHash(lastPathComponent(place)) == copy.content else {
      throw BackupError.damaged(file: path, object: place, .backUp)
    }
    if try backup.isWhole(copy.content) {
      try staged.delete(lastPathComponent(place))
      return file
    }
    try backup.store.createFolder(parentPath(file.object))
    guard rename(place, backup.store.address(file.object)) == 0 else {
      throw BackupError.system(
        path: backup.store.address(file.object), reason: String(cString: strerror(errno)))
    }
    try backup.store.flush([file.object])
    return file
  }

  /// True if a file that went while the lake was copied is one that a table needs.
  private func isNeeded(_ path: String) throws -> Bool {
    if path.contains("/_delta_log/") { return true }
    for place in try existing(places) where path.hasPrefix(place.location.folder + "/") {
      let delta = delta(place.location)
      let own = String(path.dropFirst(place.location.folder.count + 1))
      return try delta.files(of: delta.snapshot()).contains(own)
    }
    return true
  }
}

extension LakeCare {
  /// Lists the lake's files and copies those that change.
  ///
  /// The lake's lock is held.
  private func fix(history: Bool, staging: String?) throws -> FixedFiles {
    var fixed = FixedFiles(time: lake.clock.now())
    let root = lake.files.folder("", rights: .ownerOnly, followsLinks: false)
    var objects = try root.list("").filter { !$0.path.hasPrefix("landing/") }
    objects += try lake.landing.list("").filter { !lake.landing.isDeadLink($0.path) }.map {
      ObjectInfo(
        path: "landing/" + $0.path, size: $0.size, modified: $0.modified, tag: $0.tag)
    }
    let environments = try lake.environments()
    let wanted = history ? nil : try newestFiles()
    for object in objects {
      if LakeCare.isOfProcesses(object.path) || LakeCare.isOf(environments, object.path) {
        continue
      }
      // What has no bytes of its own would keep whoever reads it waiting.
      if object.size == 0, lake.isLocal, isSpecialFile(root.address(object.path)) {
        fixed.warnings.append("\(object.path) is no regular file and is not in the backup")
        continue
      }
      if LakeCare.changes(object.path) {
        guard let staging else { continue }
        let place = "\(staging)/\(uniqueName())"
        try LocalStore(root: staging, rights: .ownerOnly).createFolder("")
        _ = try FileCopy(object, in: root, to: place)
        fixed.copies[object.path] = place
      } else if wanted?(object.path) ?? true {
        fixed.objects.append(object)
      }
    }
    guard let staging else { return fixed }
    do {
      if let ledger = try Ledger.reading(lake) {
        try LocalStore(root: staging, rights: .ownerOnly).createFolder("")
        let place = "\(staging)/\(uniqueName())"
        try ledger.copy(to: place)
        fixed.copies[".podium/ledger.sqlite"] = place
      }
    } catch let error as LedgerDamage {
      fixed.warnings.append(error.description)
    }
    return fixed
  }

  /// What belongs to processes that are at work, and the ledger, which is copied by itself.
  private static func isOfProcesses(_ path: String) -> Bool {
    path == ".podium/lock" || path.hasPrefix(".podium/lock/") || path.hasPrefix(".podium/spill/")
      || path.hasPrefix(".podium/ledger.sqlite")
  }

  /// What lies in environments: runs of theirs do not wait, and what they hold can be made again.
  private static func isOf(_ environments: [String], _ path: String) -> Bool {
    let folders = (Layer.allCases.map(\.rawValue) + ["quarantine"]).map { $0 + "/" }
    return path.hasPrefix(".podium/environments/")
      || environments.contains { name in folders.contains { path.hasPrefix("\(name)_\($0)") } }
  }

  /// Small files that are written again under their names.
  private static func changes(_ path: String) -> Bool {
    path.hasSuffix("/_delta_log/_last_checkpoint")
      || path.hasPrefix(".podium/") && !path.hasPrefix(".podium/tombstones/")
  }

  /// Tells the files that the newest versions need, and that tables have not read yet.
  private func newestFiles() throws -> (String) -> Bool {
    var needed: [(folder: String, files: Set<String>, log: Int64)] = []
    for place in try existing(places) {
      let delta = delta(place.location, try engine.session())
      let state = try delta.snapshot()
      let needs = try needs(of: place, delta, state)
      needed.append(
        (
          place.location.folder + "/", try delta.files(of: state).union(needs.files),
          try delta.logBegins(for: min(state.version, needs.floor))
        ))
    }
    return { path in
      guard let table = needed.first(where: { path.hasPrefix($0.folder) }) else { return true }
      let own = String(path.dropFirst(table.folder.count))
      guard own.hasPrefix("_delta_log/") else { return table.files.contains(own) }
      let name = own.dropFirst("_delta_log/".count)
      return Int64(name.prefix(20)).map { $0 >= table.log } ?? true
    }
  }
}
