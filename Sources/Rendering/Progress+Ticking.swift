import Dispatch

extension Progress {
  /// Does `body` while the moving lines go on, five times a second, and takes them away at the end.
  public func ticking<Result, Failed: Error>(
    _ body: () throws(Failed) -> Result
  ) throws(Failed) -> Result {
    let timer = Ticker(self)
    defer {
      timer.stop()
      close()
    }
    return try body()
  }
}

/// Calls `tick` again and again until it is stopped.
private final class Ticker {
  private let source: any DispatchSourceTimer

  init(_ progress: Progress) {
    source = DispatchSource.makeTimerSource(queue: .global(qos: .utility))
    source.schedule(deadline: .now() + 0.2, repeating: 0.2)
    source.setEventHandler { [weak progress] in progress?.tick() }
    source.resume()
  }

  func stop() { source.cancel() }
}
