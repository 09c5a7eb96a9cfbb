import Basics

/// A place in a bucket: `s3://bucket/prefix`.
public struct S3Location: Hashable, Sendable {
  public let bucket: String
  /// What all paths begin with, without a slash at either end; empty for the whole bucket.
  public let prefix: String

  public init(bucket: String, prefix: String) {
    self.bucket = bucket
    self.prefix = prefix
  }

  /// True for a text that begins as one.
  public static func isMeant(_ text: String) -> Bool {
    let start = text.prefix(6).lowercased()
    return start.hasPrefix("s3://") || start.hasPrefix("s3a://")
  }

  /// Reads `s3://bucket/prefix`, or `s3a:` as Hadoop writes it.
  public init(_ text: String) throws(S3SettingsError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard S3Location.isMeant(text), parts.count > 2, parts[1].isEmpty else {
      throw .noLocation(text)
    }
    let bucket = parts[2]
    let marks = Set(".-_".utf8)
    let isPlain = bucket.utf8.allSatisfy {
      (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
        || marks.contains($0)
    }
    guard (3...255).contains(bucket.utf8.count), isPlain else { throw .badBucket(bucket) }
    let folders = parts.dropFirst(3).filter { !$0.isEmpty }
    guard !folders.contains(where: { $0 == "." || $0 == ".." }) else { throw .noLocation(text) }
    self.init(bucket: bucket, prefix: folders.joined(separator: "/"))
  }

  /// The place below this one.
  public func appending(_ folder: String) -> S3Location {
    S3Location(
      bucket: bucket,
      prefix: [prefix, folder].filter { !$0.isEmpty }.joined(separator: "/"))
  }

  public var description: String { "s3://\(bucket)" + (prefix.isEmpty ? "" : "/\(prefix)") }
}

extension S3Location: CustomStringConvertible {}

/// Why S3 cannot be used as the settings say.
public enum S3SettingsError: Error, Hashable, Sendable {
  /// The text is no `s3://bucket/prefix`.
  case noLocation(String)
  case badBucket(String)
  /// A variable or a profile says what is no address.
  case badEndpoint(String, from: String)
  /// A variable has a value that it does not take.
  case badSetting(String, String, known: [String])
  /// The profile is in neither file.
  case unknownProfile(String, files: [String], known: [String])
  /// A file of profiles cannot be read.
  case badFile(path: String, line: Int?, reason: String)
  /// A profile says how to get keys in a way that is not known here.
  case unsupportedProfile(String, key: String)
  /// Nothing names keys, and no role is there; what was looked at, and what it answered.
  case noCredentials(looked: [String])
}

extension S3SettingsError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noLocation(let text):
      "'\(printable(text))' is no place in a bucket. It takes s3://bucket or s3://bucket/prefix."
    case .badBucket(let name):
      "'\(printable(name))' is no name of a bucket: it takes 3 to 63 small letters, digits, hyphens and dots."
    case .badEndpoint(let text, let source):
      "\(source) is '\(printable(text))', which is no address. It takes http://… or https://…."
    case .badSetting(let name, let value, let known):
      "\(name) is '\(printable(value))'. It takes \(known.joined(separator: " or "))."
    case .unknownProfile(let name, let files, let known):
      "the profile '\(printable(name))' is in none of \(files.joined(separator: ", "))."
        + didYouMean(name, in: known)
    case .badFile(let path, let line, let reason):
      "\(path)\(line.map { ":\($0)" } ?? ""): \(reason)."
    case .unsupportedProfile(let name, let key):
      "the profile '\(printable(name))' gets its keys by '\(key)', which is not known here. Set "
        + "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, for instance with "
        + "'aws configure export-credentials --format env'."
    case .noCredentials(let looked):
      "there are no keys for S3. Looked at: \(looked.joined(separator: "; ")). Set "
        + "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE."
    }
  }
}
