import ArgumentParsing
import Basics
import Engines
import Glibc
import Lakehouse
import Podium

extension Session {
  /// The query: the argument, a file's text, or standard input.
  func query() throws -> String {
    let given = try values.stringIfGiven("query")
    let file = try values.stringIfGiven("file")
    switch (given, file) {
    case (.some, .some): throw values.error(.conflict(["QUERY", "--file"]))
    case (nil, nil):
      throw values.error(
        .missingArgument("QUERY", about: "a SELECT in quotes, or --file with its path.", least: 1))
    case ("-"?, nil), (nil, "-"?): return try text(of: "standard input", 0)
    case (let given?, nil): return given
    case (nil, let file?):
      let descriptor = open(file, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw unreadable("'\(printable(file))'") }
      defer { close(descriptor) }
      return try text(of: "'\(printable(file))'", descriptor)
    }
  }

  /// All that a descriptor gives, as text without a byte order mark.
  private func text(of name: String, _ descriptor: Int32) throws -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(name) }
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw WrongUsage(description: "\(name) is not text in UTF-8: save the query so.")
    }
    return text
  }

  private func unreadable(_ name: String) -> WrongUsage {
    let reason = String(cString: strerror(errno))
    return WrongUsage(description: "the query cannot be read from \(name): \(reason).")
  }
}

extension Project {
  /// What answers `SHOW TABLES`, also of one layer, with the lake's tables; nil for another query.
  ///
  /// The engine itself knows only the tables that a query names.
  func tablesQuery(_ query: String, _ catalog: Catalog) throws -> String? {
    var tokens = sqlTokens(query)[...]
    if tokens.last?.text == ";" { tokens.removeLast() }
    guard tokens.popFirst()?.isWord("show") == true else { return nil }
    if tokens.first?.isWord("all") == true { tokens.removeFirst() }
    guard tokens.popFirst()?.isWord("tables") == true else { return nil }
    var entries = try catalog.entries()
    if tokens.count == 2,
      tokens.first?.isWord("from") == true || tokens.first?.isWord("in") == true,
      let layer = tokens.last?.text.lowercased()
    {
      entries = entries.filter { $0.location.name.hasPrefix(layer + ".") }
    } else if !tokens.isEmpty {
      return nil
    }
    let columns = "SELECT name, about FROM"
    guard !entries.isEmpty else {
      return "\(columns) (VALUES ('', '')) AS t(name, about) WHERE false"
    }
    let rows = entries.map { "(\(sqlLiteral($0.location.name)), \(sqlLiteral($0.about)))" }
    return "\(columns) (VALUES \(rows.joined(separator: ", "))) AS t(name, about)"
  }
}
