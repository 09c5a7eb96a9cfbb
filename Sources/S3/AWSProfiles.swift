import Basics
import Storage

/// The settings of profiles in the files that AWS's own tools share.
///
/// `~/.aws/credentials` names sections as `[name]`, `~/.aws/config` as `[profile name]` and
/// `[default]`; a line is `key = value`, and deeper ones of nested settings are left out.
struct AWSProfiles: Sendable {
  /// By profile and key; what the file of credentials says comes first.
  private(set) var sections: [String: [String: String]] = [:]
  let files: [String]

  /// Reads both files; one that is missing has no profiles.
  init(_ variable: (String) -> String?) throws(S3SettingsError) {
    let home = variable("HOME") ?? ""
    let credentials = variable("AWS_SHARED_CREDENTIALS_FILE") ?? home + "/.aws/credentials"
    let config = variable("AWS_CONFIG_FILE") ?? home + "/.aws/config"
    files = [credentials, config]
    for (path, isConfig) in [(config, true), (credentials, false)] {
      for (section, values) in try AWSProfiles.read(path) {
        let name: String
        if !isConfig || section == "default" {
          name = section
        } else if section.hasPrefix("profile ") {
          name = String(section.dropFirst("profile ".count).drop(while: \.isWhitespace))
        } else {
          continue
        }
        sections[name, default: [:]].merge(values) { _, new in new }
      }
    }
  }

  private static func read(_ path: String) throws(S3SettingsError) -> [String: [String: String]] {
    let bytes: [UInt8]
    do throws(StorageError) {
      let store = LocalStore(root: parentPath(path))
      // What is no file, such as /dev/null, says that there are none.
      guard try store.info(lastPathComponent(path)) != nil else { return [:] }
      bytes = try store.read(lastPathComponent(path))
    } catch { throw .badFile(path: path, line: nil, reason: "\(error)") }
    return try parse(String(decoding: bytes, as: UTF8.self), path)
  }

  static func parse(
    _ text: String, _ path: String
  ) throws(S3SettingsError) -> [String: [String: String]] {
    var sections: [String: [String: String]] = [:]
    var section: String?
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    for (index, line) in lines.enumerated() {
      let content = blankless(line)
      guard let first = content.first, first != "#", first != ";" else { continue }
      if first == "[" {
        guard let end = content.lastIndex(of: "]") else {
          throw .badFile(path: path, line: index + 1, reason: "a section's name lacks its ]")
        }
        let name = blankless(content[content.index(after: content.startIndex)..<end])
        section = name
        if sections[name] == nil { sections[name] = [:] }
        continue
      }
      // What is indented belongs to the setting above.
      guard line.first?.isWhitespace != true else { continue }
      guard let equals = content.firstIndex(of: "="), let section else {
        throw .badFile(
          path: path, line: index + 1, reason: "it takes [sections] and lines of key = value")
      }
      let key = blankless(content[..<equals]).lowercased()
      sections[section]?[key] = blankless(content[content.index(after: equals)...])
    }
    return sections
  }

  private static func blankless(_ text: some StringProtocol) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
