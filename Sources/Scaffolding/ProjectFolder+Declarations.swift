import Podium

/// A table as a project's source declares it.
struct Declaration {
  /// The file, from the package's folder on.
  let path: String
  /// The type it stands in, such as `Silver`, or `Shop.Silver`.
  let namespace: String
  /// The name of the value.
  let value: String
  let isPublic: Bool
  let module: String

  /// What Swift calls the table, such as `Silver.members`.
  var swiftName: String { "\(namespace).\(value)" }
}

/// A list of tables in a project's source: `static let tables: [Table] = […]`.
struct TableList {
  static let opening = "static let tables: [Table] = ["

  /// Where the content of the first list in a text begins; the bracket may stand on the next line, as
  /// it does where other lists are added to this one.
  static func start(in text: String) -> Range<String.Index>? {
    guard let opening = text.firstRange(of: TableList.opening.dropLast(2)),
      let bracket = text[opening.upperBound...].firstIndex(where: { !$0.isWhitespace }),
      text[bracket] == "["
    else { return nil }
    return opening.lowerBound..<text.index(after: bracket)
  }

  let source: ProjectFolder.Source
  let namespace: String
  let isPublic: Bool
  /// What stands between the brackets.
  let content: Range<String.Index>
  /// The names, as they are written.
  let entries: [String]

  /// True if the list names a table, in full or as seen from the list's own type.
  func names(_ table: Declaration) -> Bool {
    entries.contains { entry in
      entry == table.swiftName || "\(namespace).\(entry)" == table.swiftName
        || entry.contains(".") && table.swiftName.hasSuffix("." + entry)
    }
  }
}

extension ProjectFolder {
  /// Where a table is declared; nil where no source of the project has it.
  func declaration(of name: TableName) -> Declaration? {
    for source in sources {
      for range in source.text.ranges(of: "\"\(name)\"") {
        let before = source.text[..<range.lowerBound].split(
          separator: "\n", omittingEmptySubsequences: false)
        guard ProjectFolder.isFirstArgument(range.lowerBound, of: "Table", in: source.text),
          let line = before.lastIndex(where: { $0.contains("static let ") }),
          let start = before[line].firstRange(of: "static let "),
          let namespace = ProjectFolder.type(around: line, in: before),
          let module = module(of: source.path)
        else { continue }
        let value = before[line][start.upperBound...].prefix {
          $0.isLetter || $0.isNumber || $0 == "_" || $0 == "`"
        }
        return Declaration(
          path: source.path, namespace: namespace, value: value.filter { $0 != "`" },
          isPublic: before[line].contains("public "), module: module)
      }
    }
    return nil
  }

  /// The lists of tables.
  var lists: [TableList] {
    sources.compactMap { source in
      let text = source.text
      guard let start = TableList.start(in: text),
        let (end, entries) = ProjectFolder.entries(text, from: start.upperBound)
      else { return nil }
      let before = text[..<start.lowerBound].split(
        separator: "\n", omittingEmptySubsequences: false)
      guard let namespace = ProjectFolder.type(around: before.count - 1, in: before) else {
        return nil
      }
      return TableList(
        source: source, namespace: namespace, isPublic: before.last?.contains("public ") == true,
        content: start.upperBound..<end, entries: entries)
    }
  }

  /// The names up to the bracket that ends a list, comments left out.
  private static func entries(
    _ text: String, from start: String.Index
  ) -> (end: String.Index, names: [String])? {
    var names: [String] = []
    var name = ""
    var index = start
    while index < text.endIndex {
      if text[index...].hasPrefix("//") {
        index = text[index...].firstIndex(of: "\n") ?? text.endIndex
        continue
      }
      let character = text[index]
      if character == "]" || character == "," {
        if !name.isEmpty { names.append(name) }
        name = ""
        if character == "]" { return (index, names) }
      } else if !character.isWhitespace {
        name.append(character)
      }
      index = text.index(after: index)
    }
    return nil
  }

  private static func isFirstArgument(
    _ place: String.Index, of call: String, in text: String
  ) -> Bool {
    var head = text[..<place]
    while head.last?.isWhitespace == true { head.removeLast() }
    return head.hasSuffix("\(call)(")
  }

  /// The type in which a line stands, such as `Shop.Silver`: types around it begin further left.
  static func type(around line: Int, in lines: [Substring]) -> String? {
    var names: [String] = []
    var indent = Int.max
    for line in lines.prefix(line + 1).reversed() {
      let own = line.prefix { $0 == " " || $0 == "\t" }.count
      guard own < indent, own < line.count else { continue }
      if let name = declaredType(line) {
        names.insert(name, at: 0)
        indent = own
      } else if indent == Int.max {
        // The line itself, in which the value is declared.
        indent = own
      }
      if indent == 0, !names.isEmpty { break }
    }
    return names.isEmpty ? nil : names.joined(separator: ".")
  }

  /// The type that a line declares or extends.
  static func declaredType(_ line: Substring) -> String? {
    let words = line.split(separator: " ")
    guard let place = words.firstIndex(where: { typeWords.contains($0) }), place + 1 < words.count,
      words[..<place].allSatisfy({ modifiers.contains($0) })
    else { return nil }
    return String(words[place + 1].prefix { $0.isLetter || $0.isNumber || "_.".contains($0) })
  }

  private static let typeWords: Set<Substring> = ["enum", "extension", "struct", "class", "actor"]
  private static let modifiers: Set<Substring> = [
    "public", "package", "internal", "final", "open", "private", "fileprivate",
  ]
}

extension ProjectFolder {
  /// Where a table that the program has is declared.
  func source(of table: Table) throws -> Declaration {
    guard let code = declaration(of: table.name) else {
      throw ScaffoldError.noDeclaration(table.name, folder: root)
    }
    return code
  }
}
