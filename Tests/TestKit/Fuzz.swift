import Basics
import Glibc
import Synchronization

/// Runs many damaged inputs of one kind.
///
/// An input may be refused by any error. What it must not do is end the process, take a second of
/// processor time, or hold a lot of memory. Each input has a seed of its own, so it can be repeated
/// alone; one that ends the process is named on standard error before that happens.
public struct Fuzz {
  /// What the inputs are, for messages.
  public let name: StaticString
  private let seeds: Range<UInt64>

  /// Processor time, in seconds, that an input may take.
  public static let secondsLimit = 1.0
  /// Bytes by which the process may grow for one input; other tests may be running beside it, but not
  /// where `PODIUM_FUZZ` says how many inputs there are.
  public static let memoryLimit = environment("PODIUM_FUZZ") == nil ? 1 << 30 : 256 << 20

  /// - Parameter inputs: how many there are; `PODIUM_FUZZ` multiplies them, and `PODIUM_FUZZ_SEED`
  ///   leaves the one of that seed alone.
  public init(_ name: StaticString, inputs: Int) {
    self.name = name
    if let seed = environment("PODIUM_FUZZ_SEED").flatMap({ UInt64($0) }) {
      seeds = seed..<seed &+ 1
      return
    }
    let times = environment("PODIUM_FUZZ").flatMap { Double($0) } ?? 1
    let first = UInt64.random(in: 0...UInt64(UInt32.max))
    seeds = first..<first + UInt64(Double(inputs) * min(max(times, 0), 1e6))
  }

  /// Runs the inputs; an error that is no `FuzzFailure` is a refusal.
  /// - Returns: what went wrong, with the seed of its input; nothing where all is well.
  public func run(others: [[UInt8]] = [], _ body: (inout Mutator) throws -> Void) -> [String] {
    let slot = FuzzSlot.take(name)
    defer { slot.free() }
    let begin = threadSeconds()
    var wrong: [String] = []
    var refused = 0
    for seed in seeds where wrong.count < 5 {
      slot.seed = seed
      var mutator = Mutator(seed: seed, others: others)
      let (start, memory) = (threadSeconds(), peakBytes())
      do { try body(&mutator) } catch let failure as FuzzFailure {
        wrong.append("\(name), PODIUM_FUZZ_SEED=\(seed): \(failure.reason)")
      } catch {
        refused += 1
      }
      let (seconds, grown) = (threadSeconds() - start, peakBytes() - memory)
      if seconds > Fuzz.secondsLimit || grown > Fuzz.memoryLimit {
        wrong.append("\(name), PODIUM_FUZZ_SEED=\(seed): it took \(seconds) s, \(grown) bytes")
      }
    }
    if environment("PODIUM_FUZZ") != nil {
      print(
        "fuzz: \(seeds.count) \(name), \(refused) refused, "
          + "\(fixed(threadSeconds() - begin, decimals: 1)) s of processor time")
    }
    return wrong
  }
}

/// A promise that an input made the code break.
public struct FuzzFailure: Error {
  public let reason: String
  public init(_ reason: String) { self.reason = reason }
}

private func threadSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// The most memory that the process ever held.
private func peakBytes() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss * 1024
}

/// The inputs that are being run, in memory that a signal's handler may look at.
struct FuzzSlot {
  private let place: UnsafeMutablePointer<Entry>

  private struct Entry {
    var name: StaticString?
    var seed: UInt64
  }

  private static let capacity = 64
  private nonisolated(unsafe) static let entries: UnsafeMutablePointer<Entry> = {
    let entries = UnsafeMutablePointer<Entry>.allocate(capacity: capacity)
    entries.initialize(repeating: Entry(name: nil, seed: 0), count: capacity)
    return entries
  }()
  private static let used = Mutex<Set<Int>>([])

  static func take(_ name: StaticString) -> FuzzSlot {
    handlers
    useOwnStackForSignals()
    let index = used.withLock { used in
      let free = (0..<capacity).first { !used.contains($0) } ?? 0
      used.insert(free)
      return free
    }
    let slot = FuzzSlot(place: entries + index)
    slot.place.pointee.name = name
    return slot
  }

  var seed: UInt64 {
    get { place.pointee.seed }
    nonmutating set { place.pointee.seed = newValue }
  }

  func free() {
    place.pointee.name = nil
    let index = place - FuzzSlot.entries
    _ = FuzzSlot.used.withLock { $0.remove(index) }
  }

  /// Tells of the inputs when a signal is about to end the process.
  private static let handlers: Void = {
    for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { signal in
        FuzzSlot.tell()
        var standard = sigaction()
        standard.__sigaction_handler.sa_handler = SIG_DFL
        sigaction(signal, &standard, nil)
        raise(signal)
      }
      action.sa_flags = Int32(SA_ONSTACK)
      sigaction(number, &action, nil)
    }
  }()

  /// Running out of the stack would be told by nobody, were there not another one.
  private static func useOwnStackForSignals() {
    var stack = stack_t()
    stack.ss_size = 65_536
    stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: stack.ss_size, alignment: 16)
    sigaltstack(&stack, nil)
  }

  /// Writes without allocating anything.
  private static func tell() {
    for index in 0..<capacity {
      guard let name = entries[index].name else { continue }
      write("fuzz: the process ended during ")
      _ = Glibc.write(2, name.utf8Start, name.utf8CodeUnitCount)
      write(", PODIUM_FUZZ_SEED=")
      var rest = entries[index].seed
      var divisor: UInt64 = 1
      while rest / divisor >= 10 { divisor *= 10 }
      while divisor > 0 {
        var digit = UInt8(truncatingIfNeeded: 0x30 + rest / divisor)
        _ = Glibc.write(2, &digit, 1)
        rest %= divisor
        divisor /= 10
      }
      write("\n")
    }
  }

  private static func write(_ text: StaticString) {
    _ = Glibc.write(2, text.utf8Start, text.utf8CodeUnitCount)
  }
}
