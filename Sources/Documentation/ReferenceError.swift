import Basics
import Podium

/// Why a reference is not written, or not the one that was expected.
public enum ReferenceError: Error, Hashable, Sendable {
  /// A table whose name cannot be that of a page, and why.
  case badName(TableName, String)
  /// The file of example rows is none.
  case unreadableExamples(String)
  /// A file that is in the way and was written by somebody else.
  case foreignFile(folder: String, path: String)
  /// The files differ from what the declarations say; with the command that writes them.
  case outdated(folder: String, [ReferenceFolder.Difference], command: String)
}

extension ReferenceError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .badName(let name, let problem): "'\(printable(name.description))': \(problem)"
    case .unreadableExamples(let path):
      "\(path) holds no example rows. Delete it, or let --lake write it anew."
    case .foreignFile(let folder, let path):
      "\(folder)/\(path) was not written from declarations and stays as it is. Name another folder "
        + "with --to, or move the file away."
    case .outdated(let folder, let differences, let command):
      "\(folder) is not what the declarations say: \(ReferenceError.words(differences)). "
        + "Type \(command)."
    }
  }

  /// `2 files differ (a, b), 1 file is missing (c)`.
  private static func words(_ differences: [ReferenceFolder.Difference]) -> String {
    ReferenceFolder.Difference.Kind.allCases.compactMap { kind in
      let paths = differences.filter { $0.kind == kind }.map(\.path)
      guard !paths.isEmpty else { return nil }
      let more = paths.count > 10 ? " and \(grouped(paths.count - 10)) more" : ""
      let verb = paths.count == 1 ? kind.words.one : kind.words.several
      return "\(counted(paths.count, "file")) \(verb) "
        + "(\(paths.prefix(10).joined(separator: ", "))\(more))"
    }.joined(separator: ", ")
  }
}

extension ReferenceFolder.Difference.Kind {
  fileprivate var words: (one: String, several: String) {
    switch self {
    case .changed: ("differs", "differ")
    case .missing: ("is missing", "are missing")
    case .leftOver: ("belongs to no table", "belong to no table")
    }
  }
}
