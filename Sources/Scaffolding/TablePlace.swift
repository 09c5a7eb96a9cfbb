import Podium

/// Where a new table goes: its names in Swift, its file, and the list that gets its name.
struct TablePlace {
  let name: TableName
  /// The type that holds it, such as `Silver`, or `Shop.Silver`.
  let namespace: String
  /// The value, such as `classFeedback`.
  let value: String
  let module: String
  let isPublic: Bool
  /// The declaration's file, from the package's folder on.
  let path: String
  let list: TableList

  /// What Swift calls it.
  var swiftName: String { "\(namespace).\(value)" }
  /// What its test's type and file are called.
  var testName: String {
    "\(layerWord)\(ColumnName.swift(name.base, capital: true))Tests"
  }
  /// In front of the declaration.
  var access: String { isPublic ? "public " : "" }
  private var layerWord: String { TablePlace.word(name.layer) }

  static func word(_ layer: Layer?) -> String {
    ColumnName.swift(layer?.rawValue ?? "", capital: true)
  }

  /// The lines that import modules into the declaration, which reads tables of these.
  func imports(_ others: [String] = []) -> String {
    Set(["Podium"] + others).subtracting([module]).sorted().map { "import \($0)" }
      .joined(separator: "\n")
  }

  /// The lines that import modules into its test.
  func testImports(_ others: [String] = []) -> String {
    let own = Set([module] + others).map { (isPublic ? "import " : "@testable import ", $0) }
    return (own + [("import ", "PodiumTesting"), ("import ", "Testing")])
      .sorted { $0.1 < $1.1 }.map { $0.0 + $0.1 }.joined(separator: "\n")
  }
}

extension TablePlace {
  /// Finds the place: beside the tables of the layer, where there are some.
  /// - Parameter tables: those that the program has.
  init(_ name: TableName, _ layer: Layer, in project: ProjectFolder, _ tables: [Table]) throws {
    let known = tables.compactMap { table in
      project.declaration(of: table.name).map { (table: table, code: $0) }
    }
    guard tables.isEmpty || !known.isEmpty else { throw ScaffoldError.othersTables(project.root) }
    let lists = project.lists
    let own = known.filter { $0.table.name.layer == layer }.map(\.code)
    let found =
      own.isEmpty
      ? lists.first { $0.namespace.split(separator: ".").last ?? "" == TablePlace.word(layer) }
        ?? (lists.count == 1 ? lists[0] : nil)
      : lists.first { list in own.contains(where: list.names) }
    guard let list = found, let module = project.module(of: list.source.path) else {
      throw ScaffoldError.noList(layer: layer, folder: project.root)
    }
    self.name = name
    self.list = list
    let beside = own.last { list.names($0) }
    namespace = beside?.namespace ?? project.namespace(of: layer, beside: list)
    self.module = beside?.module ?? module
    isPublic = beside?.isPublic ?? list.isPublic
    let holder = namespace
    let plain = ColumnName.swift(name.base)
    let isTaken =
      TablePlace.reserved.contains(plain)
      || known.contains { $0.code.namespace == holder && $0.code.value == plain }
    value = isTaken ? plain + TablePlace.word(layer) : plain
    // A module can have no two files of one name, and one with all layers may get both.
    let type = ColumnName.swift(name.base, capital: true)
    let isOneLayer = self.module == TablePlace.word(layer)
    path =
      TablePlace.folder(of: beside?.path ?? list.source.path)
      + (isOneLayer ? "" : TablePlace.word(layer))
      + "\(type).swift"
  }

  /// The folder of a file, with a slash at its end.
  private static func folder(of path: String) -> String {
    String(path[..<(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)])
  }

  /// Names that a value in such a type cannot have, or only in quotes.
  private static let reserved: Set<String> = [
    "tables", "self", "init", "associatedtype", "class", "deinit", "enum", "extension", "func",
    "import", "inout", "internal", "let", "operator", "private", "protocol", "public", "static",
    "struct", "subscript", "typealias", "var", "break", "case", "catch", "continue", "default",
    "defer", "do", "else", "fallthrough", "for", "guard", "if", "in", "repeat", "return", "switch",
    "throw", "throws", "try", "where", "while", "any", "as", "false", "is", "nil", "super", "true",
    "type", "rethrows", "fileprivate", "precedencegroup",
  ]
}

extension ProjectFolder {
  /// The type for a layer's first table: one that is called as the layer is, else that of the list.
  fileprivate func namespace(of layer: Layer, beside list: TableList) -> String {
    let word = TablePlace.word(layer)
    if list.namespace.split(separator: ".").last ?? "" == word { return list.namespace }
    let module = module(of: list.source.path)
    for source in sources where self.module(of: source.path) == module {
      let lines = source.text.split(separator: "\n", omittingEmptySubsequences: false)
      for index in lines.indices
      where ProjectFolder.declaredType(lines[index].drop(while: \.isWhitespace)) == word {
        if let type = ProjectFolder.type(around: index, in: lines) { return type }
      }
    }
    return list.namespace
  }
}

extension TableList {
  /// The file's text with one table more, on a line of its own where the list has several lines.
  func adding(_ table: TablePlace) -> String {
    let text = source.text
    let name =
      table.swiftName.hasPrefix(namespace + ".")
      ? String(table.swiftName.dropFirst(namespace.count + 1)) : table.swiftName
    guard !entries.contains(name) else { return text }
    let (before, after) = (text[..<content.lowerBound], text[content.upperBound...])
    let inside = text[content]
    if !inside.contains("\n") {
      let line = (entries + [name]).joined(separator: ", ")
      let column = before.split(separator: "\n").last?.count ?? 0
      if column + line.count < 100 { return "\(before)\(line)\(after)" }
    }
    let start = (before.split(separator: "\n").last ?? "").prefix { $0 == " " }
    let lines = inside.split(separator: "\n").filter { !$0.allSatisfy(\.isWhitespace) }
    let indent =
      inside.contains("\n") ? lines.last?.prefix { $0 == " " } ?? start + "  " : start + "  "
    var head = inside
    while head.last?.isWhitespace == true { head.removeLast() }
    if !inside.contains("\n") { head = "\n\(indent)\(entries.joined(separator: ", "))" }
    // A comma goes in front of a comment at the end of the last line.
    let last = head.split(separator: "\n").last ?? ""
    let code = last.firstRange(of: "//").map { last[..<$0.lowerBound] } ?? last
    let end = code.lastIndex { !$0.isWhitespace }.map { code.index(after: $0) }
    if let end, !entries.isEmpty, !code[..<end].hasSuffix(",") {
      head = head[..<end] + "," + head[end...]
    }
    return "\(before)\(head)\n\(indent)\(name),\n\(start)\(after)"
  }
}
