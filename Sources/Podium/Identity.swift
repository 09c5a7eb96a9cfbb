/// What the values of a column identify, by which rows are found that belong to a person (a data
/// subject).
///
/// `.person` names people. Anything else, such as `"booking"`, is told to be a person's by a row that
/// names both, and leads on to rows that name it alone.
public struct Identity: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  public let name: String

  public init(_ name: String) { self.name = name }
  public init(stringLiteral value: String) { name = value }

  /// A person, such as a member by its id.
  public static let person = Identity("person")

  public var description: String { name }
}

extension Table {
  /// The columns that identify something, in their order.
  public var identifying: [(column: Column, identity: Identity)] {
    columns.compactMap { column in column.identifies.map { (column, $0) } }
  }

  /// The columns that name a person.
  public var namingPersons: [Column] {
    identifying.filter { $0.identity == .person }.map(\.column)
  }

  /// True if each row says that two ids are those of one person.
  public var matchesPersons: Bool { query != nil && namingPersons.count > 1 }
}
