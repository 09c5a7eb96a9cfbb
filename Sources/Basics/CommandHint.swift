import Synchronization

/// Commands that errors and remarks tell people to type, with the program's name and the options that
/// they gave, so that the line can be typed as it stands.
///
/// What goes wrong deep down is put into words there, where nothing is known of the command line: the
/// program says once how it was called.
public enum CommandHint {
  private static let call = Mutex((program: "", options: "", environment: ""))

  /// Says how the program was called, for all hints of the process.
  /// - Parameters:
  ///   - options: those that a command needs to work in the same place, with a blank before them;
  ///     empty for none.
  ///   - environment: the one that tells in which environment, likewise.
  public static func isCalled(_ program: String, options: String, environment: String = "") {
    call.withLock { $0 = (program, options, environment) }
  }

  /// A command as it is typed, in quotes: `'podium run silver.members --lake ./lake'`, or without
  /// program and options where nothing is known of a command line.
  /// - Parameter namesEnvironment: true where the words themselves say which environment is meant.
  public static func command(_ words: String, namesEnvironment: Bool = false) -> String {
    let (program, options, environment) = call.withLock { $0 }
    return
      "'\(program.isEmpty ? "" : program + " ")\(words)\(options)\(namesEnvironment ? "" : environment)'"
  }
}
