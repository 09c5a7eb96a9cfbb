import Basics
import Engines
import Storage

/// What the variables of the process's environment set; nil where one is missing or empty.
public struct Settings: Hashable, Sendable {
  /// `PODIUM_DUCKDB`: the engine's library, a file.
  public let library: String?
  /// `PODIUM_MEMORY_LIMIT`: bytes that the engine may use.
  public let memoryLimit: Int64?
  /// `PODIUM_THREADS`: threads of the engine.
  public let threads: Int?
  /// `PODIUM_TIME_ZONE`: the zone of the default business date, of the time zone database.
  public let timeZone: String?
  /// Where the lake is: `PODIUM_LAKE`, else `PODIUM_S3_BUCKET` or `PODIUM_LOCAL_ROOT` as
  /// `PODIUM_STORAGE` says.
  public let lake: String?
  /// `PODIUM_RAW_PATH`: where the sources' files are, if not in the lake.
  public let landing: String?
  /// `PODIUM_ENGINE`: the server that computes the queries of tables; nil where the embedded engine does.
  public let engine: SparkAddress?
  /// `PODIUM_ENGINE_TIMEOUT`: seconds that a statement of a server may take.
  public let engineTimeout: Int?
  /// `PODIUM_SPARK_DRIVER`: the driver's library for servers, a file.
  public let sparkDriver: String?

  /// Reads the environment.
  /// - Throws: what is wrong with the first variable that makes no sense.
  public init(environment: (String) -> String? = environment) throws(SettingError) {
    func read<T>(
      _ name: String, _ takes: String, _ near: (String) -> String? = { _ in nil },
      _ parse: (String) -> T?
    ) throws(SettingError) -> T? {
      guard let text = environment(name) else { return nil }
      guard let value = parse(text) else {
        throw SettingError(name: name, value: text, takes: takes, near: near(text))
      }
      return value
    }
    library = try read("PODIUM_DUCKDB", "the path of a libduckdb.so, which must be there") {
      kindOfFile($0) == .file ? $0 : nil
    }
    memoryLimit = try read(
      "PODIUM_MEMORY_LIMIT", "a number and KB, MB, GB or TB, such as 4GB"
    ) { Settings.bytes($0) }
    threads = try read("PODIUM_THREADS", "a number from 1 to 1024") { text in
      Int(text).flatMap { (1...1024).contains($0) ? $0 : nil }
    }
    timeZone = try read(
      "PODIUM_TIME_ZONE", TimeZones.takes, TimeZones.nearest
    ) { TimeZones.has($0) ? $0 : nil }
    landing = environment("PODIUM_RAW_PATH")
    do { engine = try environment("PODIUM_ENGINE").flatMap(Settings.engine) } catch {
      throw SettingError(
        name: "PODIUM_ENGINE", value: error.value, takes: error.takes, near: error.near)
    }
    engineTimeout = try read("PODIUM_ENGINE_TIMEOUT", "a time such as 90s, 15m or 2h") {
      TimeSpan.seconds($0).flatMap { $0 > 0 ? $0 : nil }
    }
    sparkDriver = try read(
      SparkConnect.libraryVariable, "the path of a libadbc_driver_spark.so, which must be there"
    ) {
      kindOfFile($0) == .file ? $0 : nil
    }
    let storage = try read(
      "PODIUM_STORAGE", "local or s3", { nearest($0, in: ["local", "s3"]) },
      { ["local", "s3"].contains($0.lowercased()) ? $0.lowercased() : nil })
    if let named = environment("PODIUM_LAKE") {
      lake = named
    } else if storage == "s3" {
      guard let bucket = environment("PODIUM_S3_BUCKET") else {
        throw SettingError(
          name: "PODIUM_S3_BUCKET", value: nil,
          takes: "the bucket of the lake, such as my-bucket or my-bucket/lake, since "
            + "PODIUM_STORAGE is s3", near: nil)
      }
      lake = bucket.contains("://") ? bucket : "s3://\(bucket)"
    } else {
      lake = environment("PODIUM_LOCAL_ROOT")
    }
  }

  /// What an engine's name means: nil is the embedded one.
  public static func engine(_ name: String) throws(SettingError) -> SparkAddress? {
    if name.lowercased() == "duckdb" { return nil }
    guard let address = SparkAddress(name) else {
      // What follows the host may hold a secret.
      let shown = name.contains("://") ? String(name.prefix { $0 != ";" }) : name
      throw SettingError(
        name: "--engine", value: shown, takes: "duckdb, or a server as sc://host:port",
        near: nearest(name.lowercased(), in: ["duckdb"]))
    }
    return address
  }

  private static func bytes(_ text: String) -> Int64? {
    let units: [(String, Int64)] = [
      ("KB", 1 << 10), ("MB", 1 << 20), ("GB", 1 << 30), ("TB", 1 << 40),
    ]
    for (unit, size) in units where text.uppercased().hasSuffix(unit) {
      if let number = Int64(text.dropLast(2).filter { $0 != " " }), (1...(1 << 20)).contains(number)
      {
        return number * size
      }
    }
    return nil
  }
}

/// A variable of the environment that makes no sense.
public struct SettingError: Error, Hashable, Sendable, CustomStringConvertible {
  public let name: String
  /// What it is; nil where it is missing, or secret.
  public let value: String?
  /// What it takes.
  public let takes: String
  /// What may have been meant.
  public let near: String?

  public init(name: String, value: String?, takes: String, near: String?) {
    self.name = name
    self.value = value
    self.takes = takes
    self.near = near
  }

  public var description: String {
    guard let value else { return "\(name) takes \(takes)." }
    return "\(name) is '\(printable(value))'; it takes \(takes).\(didYouMean(near))"
  }
}

/// The machine's time zone database.
///
/// The C library takes a zone that it does not know for UTC without a word.
private enum TimeZones {
  static let folder = environment("TZDIR") ?? "/usr/share/zoneinfo"

  static var takes: String {
    kindOfFile(folder) == .folder
      ? "a name of the time zone database, such as Europe/Berlin, or UTC"
      : "UTC alone, since \(folder) is missing: install the package tzdata"
  }

  static func has(_ name: String) -> Bool {
    if name == "UTC" { return true }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }),
      let file = try? LocalFile(reading: "\(folder)/\(name)")
    else { return false }
    defer { file.close() }
    return (try? file.read(at: 0, count: 4)) == Array("TZif".utf8)
  }

  /// A zone with nearly that name; `Berlin` is near to `Europe/Berlin`.
  static func nearest(_ name: String) -> String? {
    let files = (try? LocalStore(root: folder).list("", after: nil)) ?? []
    let zones = files.map(\.path).filter { path in
      path.utf8.first.map { (0x41...0x5A).contains($0) } == true && !path.contains(".")
    }
    return Basics.nearest(name, in: zones)
  }
}
