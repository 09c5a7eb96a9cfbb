import ArgumentParsing
import Basics
import DeltaLake
import Engines
import Lakehouse

extension Option {
  static let property = Option.option(
    "set", "PROPERTY=VALUE", "A property, such as delta.enableDeletionVectors=true.", .text(),
    .repeating)
}

extension Project {
  /// `table alter`: changes columns, properties and constraints; data files stay as they are.
  var alterCommand: Command<CommandAction> {
    Command(
      "alter", "Changes a table's columns, properties and constraints.",
      discussion: """
        Data files stay as they are. Renaming or dropping a column switches column mapping on, \
        which readers must know. What is asked together is done in the order of the options below, \
        columns as one version.
        """, arguments: [.tableOrPath],
      options: [
        .option(
          "add-column", "NAME:TYPE", "A column, NULL in the rows there are.", .text(), .repeating),
        .option(
          "widen-column", "NAME:TYPE", "A wider type, such as long for integer.", .text(),
          .repeating),
        .option("rename-column", "OLD=NEW", "Another name.", .text(), .repeating),
        .option("drop-column", "NAME", "A column less.", .text(), .repeating),
        .property,
        .option("unset", "PROPERTY", "A property to take away.", .text(), .repeating),
        .option(
          "add-constraint", "NAME=SQL", "A condition that all rows must satisfy.", .text(),
          .repeating),
        .option("drop-constraint", "NAME", "A condition to take away.", .text(), .repeating),
      ],
      examples: [
        Example("table alter ./visits --add-column note:string", "A new column."),
        Example(
          "table alter ./visits --set delta.enableDeletionVectors=true", "Upserts by bitmaps."),
      ]
    ) { session in
      let work = try session.alterations()
      guard !work.isEmpty else {
        throw session.values.error(.other("Say what to change, such as --add-column note:string."))
      }
      let table = try open(session, writing: true)
      guard !table.isDeclared else { throw WrongUsage(description: ownedByDeclaration(session)) }
      let before = try table.delta.snapshot()
      var state = before
      for change in work { state = try change(table.delta, state) }
      return try session.tell(
        state.version == before.version
          ? "nothing changes: the table is so already" : "version \(state.version)",
        ["version": .int(state.version)])
    }
  }

  private func ownedByDeclaration(_ session: Session) -> String {
    let asked = (try? session.values.string("table")) ?? ""
    return
      "the columns of \(printable(asked)) come from its declaration: change that, and type "
      + "\(CommandHint.command("run"))."
  }
}

/// One change of a table, which gives it another state.
private typealias Alteration = (DeltaTable, Snapshot) throws -> Snapshot

extension Session {
  /// What the options ask for, in the order of their list.
  fileprivate func alterations() throws -> [Alteration] {
    var columns: [SchemaChange] = []
    for (name, type) in try pairs("add-column", ":") {
      columns.append(.addColumn(StructField(name, try deltaType(type))))
    }
    for (name, type) in try pairs("widen-column", ":") {
      columns.append(.widen(name, to: try deltaType(type)))
    }
    for (old, new) in try pairs("rename-column", "=") { columns.append(.rename(old, to: new)) }
    columns += try values.strings("drop-column").map { .drop($0) }
    var properties: [String: String?] = [:]
    for (name, value) in try pairs("set", "=") { properties[name] = value }
    for name in try values.strings("unset") { properties.updateValue(nil, forKey: name) }
    var work: [Alteration] = []
    if !columns.isEmpty {
      work.append { try $0.alter(columns, $1, transaction: .altering("CHANGE COLUMNS")) }
    }
    if !properties.isEmpty {
      work.append {
        try $0.setProperties(properties, $1, transaction: .altering("SET TBLPROPERTIES"))
      }
    }
    for (name, condition) in try pairs("add-constraint", "=") {
      work.append {
        try $0.addConstraint(name, condition, $1, transaction: .altering("ADD CONSTRAINT"))
      }
    }
    for name in try values.strings("drop-constraint") {
      work.append { try $0.dropConstraint(name, $1, transaction: .altering("DROP CONSTRAINT")) }
    }
    return work
  }

  /// Values of an option, each in two parts.
  func pairs(_ option: String, _ separator: Character) throws -> [(String, String)] {
    try values.strings(option).map { text in
      let parts = text.split(separator: separator, maxSplits: 1).map(\.trimmingBlanks)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw WrongUsage(
          description: "'\(printable(text))' of --\(option) lacks a part: write both sides of "
            + "'\(separator)'.")
      }
      return (parts[0], parts[1])
    }
  }

  /// The type of a column, by its name in a schema or in SQL.
  func deltaType(_ name: String) throws -> DeltaType {
    let asked = name.lowercased()
    let known: [String: String] = [
      "bigint": "long", "bool": "boolean", "int": "integer", "real": "float", "smallint": "short",
      "text": "string", "tinyint": "byte", "varchar": "string",
    ]
    guard let type = DeltaType(named: known[asked] ?? asked) else {
      let near = didYouMean(nearest(asked, in: DeltaType.names))
      throw WrongUsage(
        description: "'\(printable(name))' is no type.\(near) Types are "
          + DeltaType.names.joined(separator: ", ") + ".")
    }
    return type
  }
}

extension Transaction {
  /// A change of metadata, which depends on those there were.
  fileprivate static func altering(_ operation: String) -> Transaction {
    Transaction(operation, isBlindAppend: false)
  }
}
