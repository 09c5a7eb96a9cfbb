import Basics
import Lineage
import Podium

/// What there is to read of a project's tables, made of their declarations alone.
public struct Reference: Sendable {
  /// A file of the reference.
  public struct File: Hashable, Sendable {
    /// Below the reference's folder, such as `silver/members.md`.
    public let path: String
    public let text: String
  }

  /// The form of the files.
  public enum Format: String, CaseIterable, Hashable, Sendable {
    /// Pages for people, with diagrams in Mermaid.
    case markdown
    /// One file for programs.
    case json
  }

  /// The words in the first line of each file, by which files of others are told.
  static let mark = "Generated from the declarations"

  /// The program's name, as it is typed.
  let tool: String
  let graph: Graph
  let lineage: ColumnLineage
  let examples: ExampleRows
  /// In the order of their names.
  let tables: [Table]
  let relations: [Relation]

  /// - Parameter examples: rows to show; none of a table is fine.
  public init(
    tool: String, graph: Graph, lineage: ColumnLineage, examples: ExampleRows
  ) throws(ReferenceError) {
    self.tool = tool
    self.graph = graph
    self.lineage = lineage
    self.examples = examples
    tables = graph.ordered.sorted { $0.name < $1.name }
    for table in tables {
      if let problem = table.name.problem { throw .badName(table.name, problem) }
    }
    relations = Relation.all(graph)
  }

  /// The files, in the order of their paths.
  public func files(_ format: Format) -> [File] {
    var files: [File]
    switch format {
    case .markdown:
      files =
        [
          File(path: "README.md", text: index), File(path: Reference.dictionary, text: dictionary),
          File(path: Reference.entities, text: entities),
          File(path: Reference.flow, text: flow),
        ] + tables.map { File(path: path(of: $0.name), text: page($0)) }
    case .json: files = [File(path: "reference.json", text: json.text + "\n")]
    }
    let rows = examples.text(tables)
    if tables.contains(where: { examples.has($0.name) }) {
      files.append(File(path: ExampleRows.path, text: rows))
    }
    return files.sorted { $0.path < $1.path }
  }

  /// True for the text of a file that was made here.
  static func isMarked(_ text: String) -> Bool { text.prefix(120).contains(mark) }

  // MARK: - Parts of pages

  static let dictionary = "dictionary.md"
  static let entities = "entities.md"
  static let flow = "lineage.md"

  /// The first lines of a page.
  func head(_ title: String) -> String {
    "<!-- \(Reference.mark) by `\(tool) docs`. -->\n\n# \(title)\n\n"
  }

  /// Where the page of a table lies.
  func path(of name: TableName) -> String {
    "\(name.layer?.rawValue ?? "other")/\(name.base).md"
  }

  /// A link to a table's page.
  /// - Parameter folder: the layer in whose folder the link stands; nil for the pages above.
  func link(_ name: TableName, from folder: Layer?) -> String {
    "[\(name)](\(target(name, from: folder)))"
  }

  /// Where such a link leads.
  private func target(_ name: TableName, from folder: Layer?) -> String {
    guard let folder else { return path(of: name) }
    return folder == name.layer ? "\(name.base).md" : "../\(path(of: name))"
  }

  func links(_ names: some Sequence<TableName>, from folder: Layer?) -> String {
    names.map { link($0, from: folder) }.joined(separator: ", ")
  }
}

/// A table of Markdown.
struct MarkdownTable {
  private(set) var text: String

  init(_ columns: String...) {
    text = MarkdownTable.line(columns) + MarkdownTable.line(columns.map { _ in "---" })
  }

  mutating func add(_ cells: String...) { text += MarkdownTable.line(cells) }

  private static func line(_ cells: [String]) -> String {
    "| " + cells.map { $0.isEmpty ? " " : $0 }.joined(separator: " | ") + " |\n"
  }
}

/// A text as code, also in a table: backticks and bars within it stay what they are.
func code(_ text: String) -> String {
  let line = text.split(whereSeparator: \.isNewline).map { part in
    part.drop { $0 == " " }
  }.joined(separator: " ")
  let fence = line.contains("`") ? "``" : "`"
  let bars = line.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  return fence == "`" ? "`\(bars)`" : "`` \(bars) ``"
}
