import Basics
import Testing

@testable import Engines

@Suite("Statements that take long")
struct StatementWatchTests {
  /// Runs a call that ends only after it was given up.
  private func stuck(limit: Double, isAlive: () -> Bool) throws -> EngineError? {
    let address = try #require(SparkAddress("sc://gym:1"))
    let isOver = Monitor(false)
    defer { isOver.withLock { $0 = true } }
    return #expect(throws: EngineError.self) {
      try StatementWatch(limit: limit, patience: 0.01).run(of: address, isAlive: isAlive) {
        () throws(EngineError) in isOver.wait { $0 ? true : nil }
      }
    }
  }

  @Test("A server that takes no connection any more counts as lost")
  func lost() throws {
    var asked = 0
    let error = try stuck(limit: 60) {
      asked += 1
      return asked < 3
    }
    #expect(error?.code == .serverLost)
    #expect(error?.message == "the server at sc://gym:1 gives no answer any more")
    #expect(asked == 3)
  }

  @Test("One that lives is waited for until the time for a statement is up")
  func timeOut() throws {
    let error = try stuck(limit: 0.05) { true }
    #expect(error?.code == .timedOut)
    #expect(error?.message.hasPrefix("the server at sc://gym:1 did not end a statement") == true)
  }

  @Test("An answer that comes late is an answer")
  func late() throws {
    let address = try #require(SparkAddress("sc://gym:1"))
    let asked = Monitor(0)
    let answer = try StatementWatch(limit: 60, patience: 0.01).run(
      of: address,
      isAlive: {
        asked.withLock { $0 += 1 }
        return true
      },
      { () throws(EngineError) -> Int in asked.wait { $0 >= 2 ? $0 : nil } })
    #expect(answer >= 2)
  }
}
