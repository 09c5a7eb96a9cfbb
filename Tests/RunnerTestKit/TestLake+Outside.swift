import Basics
import Lakehouse
import Podium
import TestKit

/// A program that writes Delta tables and is not Podium.
public enum OutsideWriter: String, CaseIterable, Sendable {
  /// delta-rs, by its package for Python.
  case deltalake
  /// Sail, by Spark Connect.
  case sail
}

/// What somebody else does to a table.
///
/// New rows are rows of the table with some columns computed by
/// SQL.
public enum ForeignChange: Sendable {
  case append(set: [String: String], where: String)
  case overwrite(set: [String: String], where: String)
  case delete(where: String)
  case update(set: [String: String], where: String)
  case merge(set: [String: String], where: String)
  /// Small files become larger ones; delta-rs alone.
  case optimize
  /// Files that the newest version does not name go, however young; delta-rs alone.
  case vacuum
  /// The table gets its last version but one back; delta-rs alone.
  case restore
}

extension ForeignChange: CustomStringConvertible {
  public var description: String {
    switch self {
    case .append: "append"
    case .overwrite: "overwrite"
    case .delete: "delete"
    case .update: "update"
    case .merge: "merge"
    case .optimize: "optimize"
    case .vacuum: "vacuum"
    case .restore: "restore"
    }
  }
}

extension TestLake {
  /// By what others merge: the key, or in a table without one the first column.
  private func keys(_ table: Table) -> [String] {
    table.key.isEmpty ? table.columns.prefix(1).map(\.name) : table.key
  }

  /// Lets another program change a table.
  public func change(
    _ table: Table, by writer: OutsideWriter, _ change: ForeignChange
  ) throws {
    var arguments: [(String, JSON)] = [
      ("writer", .string(writer.rawValue)),
      ("path", .string("\(path)/\(TableLocation.of(table).folder)")),
      ("kind", .string(change.description)), ("keys", .array(keys(table).map(JSON.string))),
    ]
    switch change {
    case .append(let set, let condition), .overwrite(let set, let condition),
      .update(let set, let condition), .merge(let set, let condition):
      arguments.append(("set", .object(set.map { JSON.Member($0.key, .string($0.value)) })))
      arguments.append(("where", .string(condition)))
    case .delete(let condition): arguments.append(("where", .string(condition)))
    case .optimize, .vacuum, .restore: break
    }
    _ = try Outsiders.ask("change", arguments)
  }
}
