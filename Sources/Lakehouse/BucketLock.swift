import Basics
import Glibc
import Storage

/// The right to write to a lake that lies elsewhere; one process of all machines has it.
///
/// Each holder has a number, and an object of that name that only one can make. It is free once its
/// holder wrote the object of its end, or was not heard of for a while: the holder writes a sign of
/// life every few seconds. Who finds it free makes the next number's object. No clocks are compared.
///
///     .podium/lock/00000000000000000007.json   who holds it
///     .podium/lock/00000000000000000007.beat   the last sign of life
///     .podium/lock/00000000000000000007.end    it was given back
final class BucketLock: Sendable {
  private static let folder = "lock/"
  private let store: any ObjectStore
  private let number: Int64

  /// Seconds after which a holder that is not heard of is taken for dead.
  static let silence = 60.0

  /// What is known of the lock at a moment.
  private struct State: Hashable {
    /// The highest number; 0 where nobody ever had it.
    var number: Int64 = 0
    var isEnded = true
    /// When the last sign of life was written, as the server says.
    var beat: Timestamp?
  }

  /// Takes the lock, waiting for its holder to end.
  init(
    _ lake: Lake, _ holder: LakeLock.Holder, patience: Double, silence: Double,
    onWait: (LakeLock.Holder?) -> Void
  ) throws {
    store = lake.records
    let start = monotonicSeconds()
    var waiting = false
    var pause = 0.1
    // The last sign of life, and when it was seen.
    var seen: (state: State, at: Double)?
    while true {
      let state = try BucketLock.look(store)
      let now = monotonicSeconds()
      if seen?.state != state { seen = (state, now) }
      let other = state.isEnded ? nil : BucketLock.holder(state.number, store)
      let isSilent = patience > 0 && now - (seen?.at ?? now) >= silence
      if state.isEnded || other?.isDead == true || isSilent {
        if try BucketLock.take(state.number + 1, holder, store, lake) {
          number = state.number + 1
          return
        }
        continue
      }
      if !waiting {
        waiting = true
        if patience > 0 { onWait(other) }
      }
      let isWatched = patience > 0 && now - start < patience + silence
      guard now - start < patience || isWatched else {
        throw LakeError.locked(path: lake.root, holder: other, seconds: now - start)
      }
      usleep(useconds_t(pause * 1_000_000))
      pause = min(2, pause * 1.5)
    }
  }

  /// True if the lock is taken now, and this is its holder.
  private static func take(
    _ number: Int64, _ holder: LakeLock.Holder, _ store: any ObjectStore, _ lake: Lake
  ) throws -> Bool {
    let path = path(number, "json")
    let bytes = Array(holder.json(beat: 0).text.utf8)
    guard try store.putIfAbsent(path, bytes) else { return false }
    // Where the second write of a name succeeds too, so would two commits of one version.
    guard try !store.putIfAbsent(path, bytes) else {
      try? store.delete(path)
      throw LakeError.unconditionalWrites(lake.root)
    }
    let all = try store.list(folder).map(\.path)
    guard all.compactMap(self.number).max() == number else {
      // Others had it and gave it back since the look.
      try store.delete(path)
      return false
    }
    for path in all where self.number(path) ?? number < number { try? store.delete(path) }
    return true
  }

  /// Writes a sign of life, and looks whether the lock was taken over.
  /// - Returns: who took it; nil where this still holds it, as far as one can tell.
  func beat(_ count: Int) -> LakeLock.Holder? {
    guard let state = try? BucketLock.look(store), state.number >= number else { return nil }
    if state.number > number { return BucketLock.holder(state.number, store) }
    try? store.put(BucketLock.path(number, "beat"), Array("\(count)".utf8))
    return nil
  }

  /// Gives the lock back, unless it was removed with all that it is for.
  func end() {
    guard let state = try? BucketLock.look(store), state.number >= number else { return }
    try? store.put(BucketLock.path(number, "end"), [])
  }

  /// True if nobody holds the lock.
  static func isFree(_ store: any ObjectStore) throws -> Bool {
    let state = try look(store)
    return state.isEnded || holder(state.number, store)?.isDead == true
  }

  private static func look(_ store: any ObjectStore) throws -> State {
    var state = State()
    for object in try store.list(folder) {
      guard let number = number(object.path), number >= state.number else { continue }
      if number > state.number { state = State(number: number, isEnded: false) }
      if object.path.hasSuffix(".end") { state.isEnded = true }
      if object.path.hasSuffix(".beat") { state.beat = object.modified }
    }
    return state
  }

  private static func holder(_ number: Int64, _ store: any ObjectStore) -> LakeLock.Holder? {
    (try? store.read(path(number, "json"))).flatMap(LakeLock.Holder.init)
  }

  private static func number(_ path: String) -> Int64? {
    Int64(path.dropFirst(folder.count).prefix { $0 != "." })
  }

  private static func path(_ number: Int64, _ kind: String) -> String {
    let digits = String(number)
    return folder + String(repeating: "0", count: max(0, 20 - digits.count)) + digits + ".\(kind)"
  }
}
