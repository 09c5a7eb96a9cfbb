import Basics
import Storage

/// Reads many landing files on threads of its own and hands out their rows in batches.
///
/// Files come in any order and side by side; the rows of one file come in its order. A file that is
/// refused does not stop the others, but rows of it may have been handed out: drop them by
/// `LandingColumns.file`. Batches wait in a bounded queue, so a slow consumer slows the readers.
/// All calls are safe from any thread that may block, which Swift's cooperative pool may not.
public final class LandingReader: Sendable {
  private let crew: LandingCrew

  /// Starts to read.
  /// - Parameters:
  ///   - files: paths below the store's root; the names tell the formats.
  ///   - workers: threads that read side by side, one file each.
  ///   - queued: batches that may wait for the consumer, by default two for each worker.
  public init(
    store: any ObjectStore, files: [String], fields: [LandingField], workers: Int = 2,
    queued: Int? = nil, options: LandingOptions = LandingOptions()
  ) {
    let workers = max(1, min(workers, files.count))
    crew = LandingCrew(files: files, queued: max(1, queued ?? 2 * workers)) { number in
      LandingFileReader(
        store: store, file: files[number], number: number, fields: fields, options: options)
    }
    crew.start(workers)
  }

  deinit { crew.stop() }

  /// Waits for the next rows; nil after the last, or after `stop()`.
  public func next() -> ColumnBatch? { crew.next() }

  /// How each file ended, in the order of the files; complete once `next()` has answered nil.
  public var outcomes: [LandingOutcome] { crew.outcomes }

  /// Ends the reading early and waits until no thread of it is left, at most as long as the reading
  /// of one batch takes; the reader's end does the same.
  public func stop() { crew.stop() }
}

/// The threads of a `LandingReader` and what they share.
final class LandingCrew: Sendable {
  private struct State: Sendable {
    var nextFile = 0
    var queue: [ColumnBatch] = []
    var results: [Result<LandingSummary, LandingError>?]
    var running = 0
    var isStopped = false
    var threads: [WorkerThread] = []
  }

  private let files: [String]
  private let queued: Int
  private let open: @Sendable (Int) -> LandingFileReader
  private let state: Monitor<State>

  init(
    files: [String], queued: Int, open: @escaping @Sendable (Int) -> LandingFileReader
  ) {
    self.files = files
    self.queued = queued
    self.open = open
    state = Monitor(State(results: Array(repeating: nil, count: files.count)))
  }

  func start(_ workers: Int) {
    state.withLock { state in
      for _ in 0..<workers {
        // The thread waits for the lock before it takes its first file.
        guard let thread = WorkerThread({ self.work() }) else { break }
        state.threads.append(thread)
        state.running += 1
      }
      guard state.threads.isEmpty else { return }
      for (index, file) in files.enumerated() {
        let error = StorageError(.failed, .read, file, detail: "the system has no thread left")
        state.results[index] = .failure(LandingError(file, .unreadable(error)))
      }
    }
  }

  func next() -> ColumnBatch? {
    state.wait { state -> ColumnBatch?? in
      if state.isStopped { return .some(nil) }
      if !state.queue.isEmpty { return state.queue.removeFirst() }
      return state.running == 0 ? .some(nil) : nil
    }
  }

  var outcomes: [LandingOutcome] {
    state.withLock { state in
      zip(files, state.results).compactMap { file, result in
        result.map { LandingOutcome(file: file, result: $0) }
      }
    }
  }

  func stop() {
    let threads = state.withLock { state in
      defer { state.threads = [] }
      state.isStopped = true
      state.queue = []
      return state.threads
    }
    for thread in threads { thread.join() }
  }

  private func work() {
    while let index = takeFile() {
      guard let result = read(index) else { break }
      state.withLock { $0.results[index] = result }
    }
    state.withLock { $0.running -= 1 }
  }

  private func takeFile() -> Int? {
    state.withLock { state in
      guard !state.isStopped, state.nextFile < files.count else { return nil }
      state.nextFile += 1
      return state.nextFile - 1
    }
  }

  /// Reads one file to its end; nil where the reading was stopped.
  private func read(_ index: Int) -> Result<LandingSummary, LandingError>? {
    let reader = open(index)
    do {
      while let batch = try reader.next() {
        guard put(batch) else { return nil }
      }
    } catch {
      return .failure(error)
    }
    return reader.summary.map { .success($0) }
  }

  /// Waits for room in the queue; false where the reading was stopped.
  private func put(_ batch: ColumnBatch) -> Bool {
    state.wait { state in
      if state.isStopped { return false }
      guard state.queue.count < queued else { return nil }
      state.queue.append(batch)
      return true
    }
  }
}
