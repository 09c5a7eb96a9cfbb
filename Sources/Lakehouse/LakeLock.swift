import Basics
import Glibc
import Storage

/// The right to write to a lake; one process at a time has it.
///
/// It is a lock of the operating system on a file, so it is gone when its process is, however that
/// ended: a number of a process that stands in the file and means another process by now does no
/// harm. The file says who holds it.
///
/// Some network file systems keep such locks apart for each machine. Therefore the holder also
/// writes to the file every few seconds, and who finds the file of another machine takes it over only
/// after it saw nothing written for a while. No clocks are compared. A lake in a bucket has a second
/// lock there, for all machines.
public final class LakeLock: Sendable {
  private let descriptor: Int32
  private let bucket: BucketLock?
  private let heart: Heart?

  /// Takes the lock, waiting for another process to end.
  /// - Parameters:
  ///   - command: what this process does, for those who wait.
  ///   - patience: seconds to wait.
  ///   - silence: seconds without a sign of life after which the holder on another machine is taken
  ///     for dead, 15 or for a bucket 60; not waited for where `patience` is 0.
  ///   - onWait: called once where it has to wait.
  ///   - onLost: called where another machine took the lock of a bucket over, since it heard nothing
  ///     of this one; what is done from then on is done beside that machine.
  public init(
    _ lake: Lake, command: String, patience: Double, silence: Double? = nil,
    onWait: (Holder?) -> Void = { _ in },
    onLost: @escaping @Sendable (LakeError) -> Void = { _ in }
  ) throws {
    do { try lake.local.createFolder("") } catch { throw LakeError.fixed(path: lake.root, error) }
    // The descriptor is kept only once the lock is held, so that a failure lets go of it once and
    // wipes nothing that another process wrote.
    descriptor = try LakeLock.take(lake, patience, silence ?? 15, onWait)
    let holder = Holder(command: command, since: lake.clock.now().text(decimals: 0))
    LakeLock.write(holder, beat: 0, to: descriptor)
    do {
      bucket =
        try lake.isLocal
        ? nil
        : BucketLock(
          lake, holder, patience: patience, silence: silence ?? BucketLock.silence, onWait: onWait)
    } catch {
      ftruncate(descriptor, 0)
      close(descriptor)
      throw (error as? StorageError).map { LakeError.fixed(path: lake.root, $0) } ?? error
    }
    heart = Heart { [descriptor, bucket, root = lake.root] beat in
      LakeLock.write(holder, beat: beat, to: descriptor)
      // Less often, since each costs requests.
      if beat % 3 == 0, let bucket, let other = bucket.beat(beat) {
        onLost(.lockLost(path: root, holder: other))
      }
    }
  }

  deinit {
    heart?.stop()
    bucket?.end()
    ftruncate(descriptor, 0)
    close(descriptor)
  }

  /// True if no process holds the lock, as far as this one may tell; nothing is taken or written.
  public static func isFree(_ lake: Lake) -> Bool {
    isFreeHere(lake) && (lake.isLocal || (try? BucketLock.isFree(lake.records)) == true)
  }

  private static func isFreeHere(_ lake: Lake) -> Bool {
    let descriptor = open(lake.local.address("lock"), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return errno == ENOENT }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { return false }
    return Holder(in: descriptor)?.isElsewhere != true
  }

  private static func take(
    _ lake: Lake, _ patience: Double, _ silence: Double, _ onWait: (Holder?) -> Void
  ) throws -> Int32 {
    let path = lake.local.address("lock")
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw LakeError.fixed(path: lake.root, systemError(.lock, path))
    }
    let start = monotonicSeconds()
    var waiting = false
    // The last sign of life of a holder on another machine, and when it was seen.
    var sign: (holder: Holder, at: Double)?
    while true {
      let isLocked = flock(descriptor, LOCK_EX | LOCK_NB) == 0
      let holder = Holder(in: descriptor)
      let now = monotonicSeconds()
      if isLocked {
        guard let holder, holder.isElsewhere else { return descriptor }
        if sign?.holder != holder { sign = (holder, now) }
        if let sign, patience > 0, now - sign.at >= silence { return descriptor }
      }
      if !waiting, patience > 0 || !isLocked {
        waiting = true
        onWait(holder)
      }
      // As long as it may turn out dead, a holder on another machine is watched.
      let isWatched = isLocked && patience > 0 && now - start < patience + silence
      guard now - start < patience || isWatched else {
        close(descriptor)
        throw LakeError.locked(path: lake.root, holder: holder, seconds: now - start)
      }
      usleep(50_000)
    }
  }

  private static func write(_ holder: Holder, beat: Int, to descriptor: Int32) {
    let bytes = Array(holder.json(beat: beat).text.utf8)
    if beat == 0 { ftruncate(descriptor, 0) }
    _ = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }
}
