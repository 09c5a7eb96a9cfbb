import Basics
import Podium
import Storage

/// The sources of a project: a folder for each layer, with the list of its tables, and the tests.
struct ProjectFolder {
  let root: String

  /// The file that lists a layer's tables, its text, and where the next table's name goes.
  func list(_ layer: Layer) throws -> (path: String, text: String, end: String.Index) {
    let folder = "\(root)/\(layer.rawValue)"
    for name in (namesInFolder(folder) ?? []).sorted() where name.hasSuffix(".swift") {
      let text = try read("\(folder)/\(name)")
      guard let start = text.firstRange(of: "static let tables: [Table] = ["),
        let end = text[start.upperBound...].firstIndex(of: "]")
      else { continue }
      return ("\(folder)/\(name)", text, end)
    }
    throw ScaffoldError.noList(layer: layer, folder: root)
  }

  /// The text of a list with one name more, on a line of its own.
  static func adding(_ name: String, to text: String, at end: String.Index) -> String {
    var head = text[..<end]
    while let last = head.last, last.isWhitespace { head.removeLast() }
    let comma = head.last == "," || head.last == "[" ? "" : ","
    return "\(head)\(comma)\n    \(name),\n  \(text[end...])"
  }

  /// The namespace that a layer's list stands in, such as `Silver`.
  static func namespace(_ text: String, before end: String.Index) -> String? {
    var last: String?
    for line in text[..<end].split(separator: "\n") {
      let words = line.split(separator: " ")
      guard
        let place = words.firstIndex(where: { $0 == "enum" || $0 == "extension" || $0 == "struct" }
        ),
        place + 1 < words.count
      else { continue }
      last = String(
        words[place + 1].prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." })
    }
    return last
  }

  /// What Swift calls a declared table, such as `Bronze.classFeedback`.
  func swiftName(of table: Table) throws -> String {
    let file = "\(root)/\(table.declaredAt.file)"
    let lines = try read(file).split(separator: "\n", omittingEmptySubsequences: false)
    let last = min(table.declaredAt.line, lines.count)
    var value: Substring?
    for line in lines[..<last].reversed() {
      if value == nil, let start = line.firstRange(of: "static let ") {
        value = line[start.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      }
      let words = line.split(separator: " ")
      if let value, let place = words.firstIndex(of: "extension") ?? words.firstIndex(of: "enum"),
        place + 1 < words.count, line.first?.isWhitespace == false
      {
        return words[place + 1] + "." + value
      }
    }
    throw ScaffoldError.noDeclaration(table.name, file: file)
  }

  /// The folder of tests of tables: the only one whose tests import the kit and a layer.
  func tests(importing modules: [String]) throws -> String {
    let folder = "\(root)/Tests"
    let found = (namesInFolder(folder) ?? []).sorted().filter { name in
      (namesInFolder("\(folder)/\(name)") ?? []).contains { file in
        guard file.hasSuffix(".swift"), let text = try? read("\(folder)/\(name)/\(file)") else {
          return false
        }
        let lines = text.split(separator: "\n")
        return lines.contains("import PodiumTesting")
          && modules.contains { lines.contains("import \($0)") }
      }
    }
    guard found.count == 1 else { throw ScaffoldError.noTests(folder: folder, found: found) }
    return "\(folder)/\(found[0])"
  }

  func read(_ path: String) throws -> String {
    String(
      decoding: try LocalStore(root: parentPath(path)).read(lastPathComponent(path)), as: UTF8.self)
  }
}
