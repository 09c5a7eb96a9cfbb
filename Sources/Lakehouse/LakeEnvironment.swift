import DeltaLake
import Podium
import Storage

/// A part of a lake in which tables can be tried: those that were run in it lie under a prefix, such as
/// `dev_silver/members`, and all others are read from production.
public struct LakeEnvironment: Hashable, Sendable {
  /// The prefix, such as `dev`.
  public let name: String
  /// The folders, as production calls them, of what it holds itself; nil for all.
  public let own: Set<String>?

  public init(_ name: String, own: Set<String>? = nil) {
    self.name = name
    self.own = own
  }

  /// The folder below the lake in which an environment keeps its own records.
  static let folder = ".podium/environments"

  /// The folder of a table in the environment.
  func folder(_ folder: String) -> String {
    let records = ".podium/"
    return folder.hasPrefix(records)
      ? "\(LakeEnvironment.folder)/\(name)/\(folder.dropFirst(records.count))" : "\(name)_\(folder)"
  }

  /// True for names that no folder of a lake has: lower-case letters, digits and underscores.
  public static func isName(_ name: String) -> Bool {
    let taken =
      Layer.allCases.map(\.rawValue) + ["landing", "quarantine", "published", "production"]
    return TableName.isPlain(name) && !taken.contains(name)
  }
}

extension Lake {
  /// The lake without an environment.
  public var production: Lake { Lake(self, environment: nil) }

  /// The lake as an environment sees it.
  public func within(_ environment: LakeEnvironment) -> Lake {
    Lake(self, environment: environment)
  }

  /// False for what an environment only reads.
  public func owns(_ location: TableLocation) -> Bool {
    environment?.own?.contains(location.folder) ?? true
  }

  /// The folder of a table below the lake.
  public func folder(_ location: TableLocation) -> String {
    guard let environment, owns(location) else { return location.folder }
    return environment.folder(location.folder)
  }

  /// What people call a table: with the prefix where it is the environment's own.
  public func name(_ location: TableLocation) -> String {
    guard let environment, owns(location) else { return location.name }
    return location.folder.hasPrefix(".") ? location.name : "\(environment.name)_\(location.name)"
  }

  /// The names of the lake's environments, sorted.
  public func environments() throws(StorageError) -> [String] {
    let folder = LakeEnvironment.folder + "/"
    return try files.listFolder(folder).compactMap { entry in
      guard entry.path.hasSuffix("/") else { return nil }
      return lastPathComponent(String(entry.path.dropLast()))
    }
  }

  /// An environment that holds what was run in it, and some tables more.
  ///
  /// What was given up of quarantines is production's decision, which holds everywhere.
  public func environment(
    _ name: String, of tables: [Table], with more: [Table] = []
  ) throws(StorageError) -> LakeEnvironment {
    let all = within(LakeEnvironment(name))
    var own: Set<String> = []
    for table in tables {
      let isThere = try DeltaTable.exists(in: all.store(.of(table)))
      guard isThere || more.contains(table) else { continue }
      let places = [
        TableLocation.of(table), .quarantine(of: table), .tombstones(of: table),
      ]
      own.formUnion(places.map(\.folder))
      if table.landing != nil { own.insert(TableLocation.quarantinedFiles.folder) }
    }
    return LakeEnvironment(name, own: own)
  }
}
