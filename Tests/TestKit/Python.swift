import Basics
import Glibc

/// Python with the packages of `Tests/requirements.txt`: readers that nobody here wrote.
public enum Python {
  /// The folder of the package.
  public static let repository: String = {
    // This file is Tests/TestKit/Python.swift below it.
    #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
  }()

  /// Starts Python with the modules in `Tests/Python`.
  public static func start(_ arguments: [String]) throws -> ChildProcess {
    let program = repository + "/.venv/bin/python"
    guard access(program, X_OK) == 0 else {
      throw TestKitError(
        "\(program) is missing: type 'make test', or scripts/test-env.sh, which makes it")
    }
    return try ChildProcess(
      program, arguments,
      environment: ["PYTHONPATH": repository + "/Tests/Python", "PYTHONDONTWRITEBYTECODE": "1"])
  }

  /// Runs a snippet and reads the JSON that it prints.
  ///
  /// The snippet may import the modules in `Tests/Python`; `sys.argv[1:]` are the arguments.
  public static func json(_ snippet: String, _ arguments: [String] = []) throws -> JSON {
    // Libraries that leave threads behind may abort the process at its ordinary end.
    let whole = snippet + "\nimport os, sys\nsys.stdout.flush()\nos._exit(0)\n"
    let child = try start(["-c", whole] + arguments)
    child.endInput()
    let output = child.readAll()
    guard child.wait() == 0 else {
      throw TestKitError("Python failed: \(child.errorText.suffix(2000))")
    }
    do { return try JSON(parsing: output) } catch {
      throw TestKitError("Python printed no JSON (\(error.reason.rawValue)): \(output.prefix(500))")
    }
  }
}
