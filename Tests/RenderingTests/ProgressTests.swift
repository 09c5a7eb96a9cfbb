import Glibc
import Rendering
import Synchronization
import Testing

/// A clock that tests move.
private final class Hands: Sendable {
  private let seconds = Mutex(100.0)
  func move(_ by: Double) { seconds.withLock { $0 += by } }
  var now: Double { seconds.withLock { $0 } }
}

/// A file that progress is written to.
private final class Target {
  let descriptor: Int32
  init() {
    var path = Array("/tmp/progress-XXXXXX".utf8CString)
    descriptor = mkstemp(&path)
    unlink(path)
  }
  deinit { close(descriptor) }

  /// What was written since the last call.
  var text: String {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    lseek(descriptor, 0, SEEK_SET)
    let count = read(descriptor, &bytes, bytes.count)
    ftruncate(descriptor, 0)
    lseek(descriptor, 0, SEEK_SET)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  func progress(_ display: Progress.Display, _ hands: Hands) -> Progress {
    Progress(
      display, to: OutputStream(descriptor: descriptor, name: "standard error"),
      clock: { hands.now })
  }
}

@Suite("Progress")
struct ProgressTests {
  @Test("In a file each beginning and each end is a line")
  func lines() {
    let target = Target()
    let hands = Hands()
    let progress = target.progress(.lines, hands)
    progress.begin("silver.members")
    progress.update("silver.members", "reading 3 files")
    hands.move(2.34)
    progress.end("silver.members", .done, "12,000 rows")
    progress.begin("gold.a")
    progress.end("gold.a", .failed, "a\nb")
    progress.end("gold.b", .skipped, "gold.a failed")
    progress.say("2 files are in quarantine")
    progress.close()
    #expect(
      target.text == #"""
        started silver.members
        done silver.members  12,000 rows  2.3 s
        started gold.a
        FAILED gold.a  a\nb  0 ms
        skipped gold.b  gold.a failed
        2 files are in quarantine

        """#)
  }

  @Test("On a terminal a line moves for each that runs, and one stays for each that ended")
  func live() {
    let target = Target()
    let hands = Hands()
    let progress = target.progress(
      .live { Terminal(isTerminal: true, width: 40, height: 24) }, hands)
    progress.begin("silver.members")
    #expect(target.text == "· silver.members  0 ms\n")
    hands.move(1)
    progress.begin("silver.visits")
    #expect(target.text == "\u{1B}[1F\u{1B}[J· silver.members  1.0 s\n· silver.visits  0 ms\n")
    hands.move(1)
    progress.update("silver.visits", "reading 1,234 files of the landing zone")
    #expect(
      target.text
        == "\u{1B}[2F\u{1B}[J· silver.members  2.0 s\n· silver.visits  reading 1,234 files o…\n")
    hands.move(0.5)
    progress.end("silver.members", .done, "12 rows")
    #expect(
      target.text == """
        \u{1B}[2F\u{1B}[J✓ silver.members  12 rows  2.5 s
        · silver.visits  reading 1,234 files o…

        """)
    progress.say("careful")
    #expect(target.text == "\u{1B}[1F\u{1B}[Jcareful\n· silver.visits  reading 1,234 files o…\n")
    progress.close()
    #expect(target.text == "\u{1B}[1F\u{1B}[J")
    progress.close()
    #expect(target.text == "")
  }

  @Test("Small steps are drawn ten times a second at most")
  func throttled() {
    let target = Target()
    let hands = Hands()
    let progress = target.progress(.live { Terminal(isTerminal: true, width: 40) }, hands)
    progress.begin("a")
    #expect(target.text == "· a  0 ms\n")
    hands.move(0.05)
    progress.update("a", "one")
    progress.tick()
    #expect(target.text == "")
    hands.move(0.06)
    progress.tick()
    #expect(target.text == "\u{1B}[1F\u{1B}[J· a  one  110 ms\n")
  }

  @Test("More work than the screen has lines is counted")
  func crowded() {
    let target = Target()
    let hands = Hands()
    let progress = target.progress(
      .live { Terminal(isTerminal: true, width: 40, height: 5, unicode: false) }, hands)
    for name in ["a", "b", "c", "d"] { progress.begin(name) }
    #expect(
      target.text.hasSuffix("\u{1B}[3F\u{1B}[J- a  0 ms\n- b  0 ms\n- and 2 more\n"))
    progress.end("b", .failed)
    #expect(target.text == "\u{1B}[3F\u{1B}[JFAILED b  0 ms\n- a  0 ms\n- c  0 ms\n- d  0 ms\n")
  }

  @Test("Colours mark how work ended")
  func colours() {
    let target = Target()
    let progress = target.progress(
      .live { Terminal(isTerminal: true, width: 40, colours: true) }, Hands())
    progress.end("a", .done)
    progress.end("b", .failed)
    progress.end("c", .skipped)
    #expect(
      target.text == "\u{1B}[32m✓\u{1B}[0m a\n\u{1B}[31m✗\u{1B}[0m b\n\u{1B}[33m–\u{1B}[0m c\n")
  }

  @Test("Quiet is quiet")
  func silent() {
    let target = Target()
    let progress = target.progress(.silent, Hands())
    progress.begin("a")
    progress.say("b")
    progress.end("a", .failed)
    #expect(progress.ticking { 5 } == 5)
    #expect(target.text == "")
  }

  @Test("Threads may report at the same time, and no line is torn")
  func threads() async {
    let target = Target()
    let progress = target.progress(.lines, Hands())
    await withTaskGroup(of: Void.self) { group in
      for worker in 0..<4 {
        group.addTask {
          for step in 0..<25 {
            progress.begin("t\(worker)-\(step)")
            progress.end("t\(worker)-\(step)", .done)
          }
        }
      }
    }
    let lines = target.text.split(separator: "\n").map(String.init).sorted()
    let names = (0..<4).flatMap { worker in (0..<25).map { "t\(worker)-\($0)" } }
    #expect(lines == (names.map { "started \($0)" } + names.map { "done \($0)  0 ms" }).sorted())
  }
}
