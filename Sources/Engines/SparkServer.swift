/// What a Spark Connect server is, by what it says of its version.
public struct SparkServer: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case apacheSpark
    case sail
  }

  public let kind: Kind
  /// Such as `4.2.0`.
  public let version: String

  /// True if it tells where a row stands in its file, so that deleted rows can be left out by it.
  public var hasRowIndexes: Bool { kind == .apacheSpark }

  /// - Parameter answer: what `version()` gave; Apache Spark adds the commit it was built from.
  /// - Throws: for a server that is too old.
  init(_ answer: String, at address: SparkAddress) throws(EngineError) {
    let words = answer.split(separator: " ")
    let version = words.first.map(String.init) ?? ""
    let numbers = version.split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? 0 }
    let (major, minor) = (numbers.first ?? 0, numbers.count > 1 ? numbers[1] : 0)
    let kind: Kind = words.count > 1 || major >= 3 ? .apacheSpark : .sail
    let needed = kind == .apacheSpark ? "Apache Spark 4.0" : "Sail 0.7"
    guard kind == .apacheSpark ? major >= 4 : (major, minor) >= (0, 7) else {
      throw EngineError(
        .wrongServer,
        "the server at \(address) says that its version is '\(version)'; Podium needs \(needed) or "
          + "later. No table was changed. Start a newer one, or compute with --engine duckdb.")
    }
    self.kind = kind
    self.version = version
  }
}

extension SparkServer: CustomStringConvertible {
  public var description: String {
    (kind == .apacheSpark ? "Apache Spark " : "Sail ") + version
  }
}
