import Basics
import Glibc
import Synchronization

/// Readers and writers of Delta tables that nobody here wrote, in one Python process for all tests:
/// the deltalake package, DuckDB's delta extension, and Sail, whose server runs inside it.
///
/// The process ends with the tests.
public enum Outsiders {
  private static let process = Mutex<ChildProcess?>(nil)
  private static let processID = Atomic<pid_t>(0)

  /// Asks for what `Tests/Python/outside.py` can do.
  /// - Throws: `OutsideError` with the words of the one who was asked.
  public static func ask(_ what: String, _ arguments: [(String, JSON)]) throws -> JSON {
    let request = JSON.object(
      [JSON.Member("do", .string(what))] + arguments.map { JSON.Member($0.0, $0.1) })
    let answer = try process.withLock { process in
      let child = try process ?? start()
      process = child
      try child.writeLine(request.text)
      guard let line = child.readLine() else {
        process = nil
        throw TestKitError("Python ended: \(child.errorText.suffix(2000))")
      }
      return try JSON(parsing: line)
    }
    if let error = answer["error"]?.string { throw OutsideError(description: error) }
    return answer["result"] ?? .null
  }

  private static func start() throws -> ChildProcess {
    let child = try Python.start(["-m", "outside"])
    if processID.exchange(child.id, ordering: .relaxed) == 0 {
      atexit { _ = kill(Outsiders.processID.load(ordering: .relaxed), SIGKILL) }
    }
    return child
  }
}

/// What somebody else could not do, in their words.
public struct OutsideError: Error, Hashable, CustomStringConvertible {
  public let description: String
}
