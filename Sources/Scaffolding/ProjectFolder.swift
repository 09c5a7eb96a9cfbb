import Basics
import Podium
import Storage

/// A Swift package with tables: its manifest, its sources, and its tests.
struct ProjectFolder {
  /// A source file.
  struct Source {
    /// The path from the package's folder on, such as `silver/Members.swift`.
    let path: String
    let text: String
  }

  /// The folder of `Package.swift`.
  let root: String
  let manifest: String
  /// The sources in which tables are declared or listed, in the order of their paths.
  let sources: [Source]
  /// The files of tests.
  let tests: [Source]

  /// Reads the package that a folder lies in.
  init(_ folder: String) throws {
    var root = absolutePath(folder)
    while kindOfFile("\(root)/Package.swift") != .file {
      guard root != "/", !root.isEmpty else { throw ScaffoldError.noPackage(absolutePath(folder)) }
      root = parentPath(root)
    }
    self.root = root
    manifest = try ProjectFolder.read("\(root)/Package.swift")
    var files: [Source] = []
    try ProjectFolder.collect("", in: root, depth: 0, &files)
    sources = files.filter { !$0.path.hasPrefix("Tests/") && $0.path != "Package.swift" }
    tests = files.filter { $0.path.hasPrefix("Tests/") }
  }

  /// The Swift files below a folder; those of packages inside it, and what is hidden, are others'.
  private static func collect(
    _ folder: String, in root: String, depth: Int, _ files: inout [Source]
  ) throws {
    let names = (namesInFolder("\(root)/\(folder)") ?? []).sorted()
    guard depth < 12, folder.isEmpty || !names.contains("Package.swift") else { return }
    for name in names where name.first != "." {
      let path = folder.isEmpty ? name : "\(folder)/\(name)"
      guard !LocalStore(root: root).isLink(path) else { continue }
      switch kindOfFile("\(root)/\(path)") {
      case .folder: try collect(path, in: root, depth: depth + 1, &files)
      case .file where name.hasSuffix(".swift"):
        files.append(Source(path: path, text: try read("\(root)/\(path)")))
      default: break
      }
    }
  }

  static func read(_ path: String) throws -> String {
    String(
      decoding: try LocalStore(root: parentPath(path)).read(lastPathComponent(path)), as: UTF8.self)
  }
}

extension ProjectFolder {
  /// The module that a source belongs to: that of the target whose `path:` in the manifest holds it,
  /// else the folder below `Sources`; nil where neither tells.
  func module(of path: String) -> String? {
    let named = targetPaths.filter { path.hasPrefix($0.path + "/") }
      .max { $0.path.utf8.count < $1.path.utf8.count }
    if let named { return ProjectFolder.moduleName(named.target) }
    let parts = path.split(separator: "/")
    guard parts.count > 2, parts[0] == "Sources" else { return nil }
    return ProjectFolder.moduleName(String(parts[1]))
  }

  /// A target's name as code imports it.
  static func moduleName(_ target: String) -> String {
    String(target.map { $0.isLetter || $0.isNumber ? $0 : "_" })
  }

  /// The targets whose folders the manifest names.
  private var targetPaths: [(target: String, path: String)] {
    manifest.ranges(of: "path:").compactMap { range in
      let rest = manifest[range.upperBound...].drop(while: \.isWhitespace)
      guard let path = ProjectFolder.literal(rest), !path.contains("\\"),
        let call = ProjectFolder.call(around: range.lowerBound, in: manifest),
        let quote = manifest[call...].firstIndex(of: "\""),
        let name = ProjectFolder.literal(manifest[quote...])
      else { return nil }
      return (name, path.last == "/" ? String(path.dropLast()) : path)
    }
  }

  /// The text literal with which a text begins.
  private static func literal(_ text: Substring) -> String? {
    guard text.first == "\"" else { return nil }
    return String(text.dropFirst().prefix { $0 != "\"" })
  }

  /// Where the arguments begin among which a place lies.
  private static func call(around place: String.Index, in text: String) -> String.Index? {
    var depth = 0
    var index = place
    while index > text.startIndex {
      index = text.index(before: index)
      if text[index] == ")" { depth += 1 }
      if text[index] == "(" {
        if depth == 0 { return index }
        depth -= 1
      }
    }
    return nil
  }
}
