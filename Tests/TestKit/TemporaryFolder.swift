/// A folder that is gone, with all that lies in it, when the last user lets go of it.
public final class TemporaryFolder: Sendable {
  /// The absolute path, without a slash at its end.
  public let path: String

  public init() throws { path = try Files.makeTemporaryFolder() }

  deinit { Files.remove(path) }

  /// The path of a file in it.
  public func file(_ name: String) -> String { path + "/" + name }

  /// The names of what lies in it, in order.
  public var names: [String] { Files.names(path) }
}
