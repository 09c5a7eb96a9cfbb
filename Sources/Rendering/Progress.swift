import Basics
import Dispatch
import Synchronization

/// Says on standard error what is being worked on.
///
/// On a terminal one line for each running piece of work moves at the bottom, and a line stays for
/// each that has ended; elsewhere a line is written when something begins and when it ends. Any
/// thread may report. An error while writing is ignored: progress must not stop the work.
public final class Progress: Sendable {
  /// Where progress is shown.
  public enum Display: Sendable {
    /// On a terminal, asked for its size each time, for it may be resized.
    case live(@Sendable () -> Terminal)
    /// In a file or pipe, without anything that moves.
    case lines
    /// Nowhere, for `--json` and quiet runs.
    case silent
  }

  /// How a piece of work ended.
  public enum Outcome: Hashable, Sendable {
    case done, failed, skipped
  }

  private let display: Display
  private let clock: @Sendable () -> Double
  private let state: Mutex<State>

  /// - Parameter clock: seconds that never go back.
  public init(
    _ display: Display, to stream: consuming sending OutputStream,
    clock: @escaping @Sendable () -> Double = monotonicSeconds
  ) {
    self.display = display
    self.clock = clock
    state = Mutex(State(stream: stream))
  }

  /// Progress on standard error: live on a terminal, else lines; nothing where `quiet`.
  public static func standardError(quiet: Bool) -> Progress {
    let look: @Sendable () -> Terminal = { Terminal.detect(descriptor: 2) }
    let display: Display = quiet ? .silent : look().isTerminal ? .live(look) : .lines
    return Progress(display, to: OutputStream.standardError())
  }

  /// A piece of work begins; its name is how it is known from here on.
  public func begin(_ name: String) {
    report { state, now in
      state.running.append(State.Work(name: name, detail: "", began: now))
      if case .lines = display { state.put("started \(printable(name))\n") }
    }
  }

  /// What a running piece of work is doing now.
  public func update(_ name: String, _ detail: String) {
    report(mayWait: true) { state, _ in
      guard let index = state.running.firstIndex(where: { $0.name == name }) else { return }
      state.running[index].detail = detail
    }
  }

  /// A piece of work has ended, or was never begun; `detail` is what it came to.
  public func end(_ name: String, _ outcome: Outcome, _ detail: String = "") {
    report { state, now in
      let index = state.running.firstIndex { $0.name == name }
      let seconds = index.map { now - state.running[$0].began }
      if let index { state.running.remove(at: index) }
      let time = seconds.map { durationText(seconds: $0) }
      let parts = [printable(name), printable(detail), time ?? ""].filter { !$0.isEmpty }
      let line = parts.joined(separator: "  ")
      if case .live(let look) = display {
        state.put("\(outcome.sign(on: look())) \(line)\n")
      } else {
        state.put("\(outcome.word) \(line)\n")
      }
    }
  }

  /// A line that stays, such as a warning.
  public func say(_ line: String) {
    report { state, _ in state.put(printable(line) + "\n") }
  }

  /// Draws the moving lines again, so that their times go on.
  public func tick() { report(mayWait: true) { _, _ in } }

  /// Takes the moving lines away; for the end of the work.
  public func close() {
    report { state, _ in state.running = [] }
  }

  /// Takes the moving lines away and shows nothing from here on; for a program that is stopped.
  public func silence() {
    close()
    state.withLock { $0.isSilenced = true }
  }

  /// Changes the state and shows it; `mayWait` leaves the drawing to a later call where the last
  /// was less than a tenth of a second ago.
  private func report(mayWait: Bool = false, _ change: (inout State, Double) -> Void) {
    if case .silent = display { return }
    let now = clock()
    state.withLock { state in
      if state.isSilenced { return }
      if case .live(let look) = display {
        let waits = mayWait && now - state.drawn < 0.1
        if !waits { state.erase() }
        change(&state, now)
        if !waits { state.draw(look(), now) }
      } else {
        change(&state, now)
      }
      try? state.stream.flush()
    }
  }
}

extension Progress {
  /// What is running and what of it stands on the screen.
  struct State {
    struct Work {
      var name: String
      var detail: String
      var began: Double
    }

    let stream: OutputStream
    var running: [Work] = []
    /// Lines drawn that the next drawing takes away.
    var lines = 0
    /// When they were drawn.
    var drawn = -Double.infinity
    /// True once nothing more is to be shown.
    var isSilenced = false

    func put(_ text: String) { try? stream.write(text) }

    /// Goes up to the first of the moving lines and clears the screen from there.
    mutating func erase() {
      if lines > 0 { put("\u{1B}[\(lines)F\u{1B}[J") }
      lines = 0
    }

    mutating func draw(_ terminal: Terminal, _ now: Double) {
      drawn = now
      let most = max(1, min((terminal.height ?? 24) - 2, 16))
      let shown = running.count <= most ? running.count : most - 1
      for work in running.prefix(shown) {
        let time = durationText(seconds: now - work.began)
        let parts = [printable(work.name), printable(work.detail), time].filter { !$0.isEmpty }
        draw(parts.joined(separator: "  "), terminal)
      }
      let rest = running.count - shown
      if rest > 0 { draw("and \(counted(rest, "more", "more"))", terminal) }
    }

    /// One moving line, cut so that it never wraps.
    private mutating func draw(_ text: String, _ terminal: Terminal) {
      let sign = terminal.unicode ? "·" : "-"
      let mark = terminal.unicode ? "…" : "..."
      let line = shortened("\(sign) \(text)", to: (terminal.width ?? 80) - 1, mark: mark)
      put(terminal.paint(line, .dim) + "\n")
      lines += 1
    }
  }
}

extension Progress.Outcome {
  /// In lines of a file.
  var word: String {
    switch self {
    case .done: "done"
    case .failed: "FAILED"
    case .skipped: "skipped"
    }
  }

  /// On a terminal; a word where it has neither Unicode nor colours.
  func sign(on terminal: Terminal) -> String {
    guard terminal.unicode else { return word }
    switch self {
    case .done: return terminal.paint("✓", .green)
    case .failed: return terminal.paint("✗", .red)
    case .skipped: return terminal.paint("–", .yellow)
    }
  }
}
