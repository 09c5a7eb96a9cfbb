import Basics
import Podium
import Storage

/// The folder that a reference is written to, and compared with.
public struct ReferenceFolder: Sendable {
  /// A file that is not as it should be.
  public struct Difference: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
      case changed, missing, leftOver
    }

    /// Below the folder.
    public let path: String
    public let kind: Kind
  }

  private let store: LocalStore
  /// As it was named.
  private let name: String

  public init(_ path: String) {
    name = path
    store = LocalStore(root: absolutePath(path))
  }

  /// The example rows that the folder has; none where there is no file of them.
  public func examples(_ tables: [Table]) throws -> ExampleRows {
    guard let text = try text(ExampleRows.path) else { return ExampleRows() }
    return try ExampleRows(text, tables)
  }

  /// What differs between the folder and the files that it should hold.
  ///
  /// Files of others are left alone; one in the way is an error.
  public func differences(from files: [Reference.File]) throws -> [Difference] {
    var found: [Difference] = []
    for file in files {
      guard let text = try text(file.path) else {
        found.append(Difference(path: file.path, kind: .missing))
        continue
      }
      guard Reference.isMarked(text) else {
        throw ReferenceError.foreignFile(folder: name, path: file.path)
      }
      if text != file.text { found.append(Difference(path: file.path, kind: .changed)) }
    }
    let expected = Set(files.map(\.path))
    guard expected.contains(where: { $0.hasSuffix(".md") }) else { return found }
    for object in try store.list("").sorted(by: { $0.path < $1.path })
    where object.path.hasSuffix(".md") && !expected.contains(object.path) {
      if let text = try text(object.path), Reference.isMarked(text) {
        found.append(Difference(path: object.path, kind: .leftOver))
      }
    }
    return found
  }

  /// Writes the files that differ and deletes those left over.
  public func write(_ files: [Reference.File]) throws -> [Difference] {
    let differences = try differences(from: files)
    let texts = Dictionary(files.map { ($0.path, $0.text) }) { first, _ in first }
    for difference in differences {
      if let text = texts[difference.path] {
        try store.put(difference.path, Array(text.utf8))
      } else {
        try store.delete(difference.path)
      }
    }
    return differences
  }

  private func text(_ path: String) throws -> String? {
    guard try store.info(path) != nil else { return nil }
    return String(decoding: try store.read(path), as: UTF8.self)
  }
}
