import Basics
import DeltaLake
import Landing
import Lakehouse
import Podium
import Storage

/// A file of a landing folder and what is known of it.
struct LandingFile: Hashable {
  /// Relative to the landing zone.
  let path: String
  let size: Int64
  let modified: Timestamp
}

/// The files of one landing folder, sorted by what has to be done with them.
struct LandingPlan {
  /// Never seen, or quarantined and changed since: to be read.
  var new: [LandingFile] = []
  /// Taken in before, with other content than now: reported, not read again.
  var changed: [LandingFile] = []
  /// Not to be opened: a folder with the name of a file, or a file without read permission.
  var unreadable: [(file: LandingFile, error: LandingError)] = []
  /// Taken in or quarantined before, with the same content.
  var known = 0
  /// Content hashes of files that are in quarantine already and read again all the same.
  var recorded: [String: Int64] = [:]
  /// New files of other days than those that the run takes in.
  var heldBack = 0
  /// By which headers files are read; nil where nobody asked.
  var mapping: MappingState?
}

/// What an earlier run made of a landing file.
struct LandingProgress {
  /// Content hashes of the files taken in.
  let taken: [String: Int64]
  /// Content hashes of the files in quarantine.
  let quarantined: [String: Int64]

  static let prefix = LandingMark.prefix

  init(taken: TableState?, quarantined: TableState?) {
    self.taken = LandingProgress.hashes(taken)
    self.quarantined = LandingProgress.hashes(quarantined)
  }

  private static func hashes(_ state: TableState?) -> [String: Int64] {
    var hashes: [String: Int64] = [:]
    for (app, transaction) in state?.transactions ?? [:] where app.hasPrefix(prefix) {
      hashes[String(app.dropFirst(prefix.count))] = transaction.version
    }
    return hashes
  }

  /// The progress mark of a file: its version is 63 bits of the content's hash, so the same bytes
  /// are never taken twice and other bytes are noticed.
  static func mark(_ file: String, _ hash: Int64, at now: Timestamp) -> SetTransaction {
    SetTransaction(appId: prefix + file, version: hash, lastUpdated: now.milliseconds)
  }

  /// The hash of a file of 0 bytes: whatever comes into it later, no row of it was taken before.
  static let hashOfNothing = ContentHash(of: []).value

  /// Stands for a file whose bytes could not be had.
  static func hashOfUnreadable(_ error: LandingError) -> Int64 {
    ContentHash(of: Array("unreadable \(error.code) \(error.file)".utf8)).value
  }
}

/// Looks through a landing folder.
struct LandingScan {
  let landing: any ObjectStore
  let folder: String
  let progress: LandingProgress
  let cache: any LandingCache

  /// Hashes are computed only for files seen before whose size or time has changed.
  func plan() throws -> LandingPlan {
    var plan = LandingPlan()
    let walk = try LandingWalk(landing, folder)
    let hashes = walk.files.isEmpty ? [:] : cache.hashes(in: folder)
    for (file, error) in walk.refused { refuse(file, error, &plan) }
    for file in walk.files {
      let before = progress.taken[file.path] ?? progress.quarantined[file.path]
      guard before != nil else {
        plan.new.append(file)
        continue
      }
      let hash: Int64
      if let known = hashes[file] {
        hash = known
      } else {
        do { hash = try landing.contentHash(file.path).value } catch {
          refuse(file, error, &plan)
          continue
        }
        cache.remember(file, hash)
      }
      if progress.taken[file.path] == hash || progress.quarantined[file.path] == hash {
        plan.known += 1
      } else if let taken = progress.taken[file.path], taken != LandingProgress.hashOfNothing {
        plan.changed.append(file)
      } else {
        plan.new.append(file)
      }
    }
    return plan
  }

  /// Notes a file that cannot be opened, once.
  private func refuse(_ file: LandingFile, _ error: StorageError, _ plan: inout LandingPlan) {
    let refusal = LandingError(file.path, .unreadable(error))
    if progress.quarantined[file.path] == LandingProgress.hashOfUnreadable(refusal) {
      plan.known += 1
    } else {
      plan.unreadable.append((file, refusal))
    }
  }
}

/// Remembers content hashes by a file's size and time, so that an unchanged file is not read.
protocol LandingCache: AnyObject {
  /// The hashes of all files of a landing folder that are known.
  func hashes(in folder: String) -> [LandingFile: Int64]
  func remember(_ file: LandingFile, _ hash: Int64)
}
