import Basics

/// Folders whose names tell partition values, as Hive began it: `column=value`.
public enum PartitionFolder {
  /// What stands in the name of a folder for NULL.
  public static let null = "__HIVE_DEFAULT_PARTITION__"

  /// The columns that the folders of a file's path name, with their values.
  /// - Returns: outer folders first; nil for NULL and for an empty text.
  public static func values(of path: String) -> [(name: String, value: String?)] {
    path.split(separator: "/").dropLast().compactMap { folder in
      // By scalars: a value may begin with a combining accent.
      let scalars = folder.unicodeScalars
      guard let equals = scalars.firstIndex(of: "=") else { return nil }
      let value = PercentEncoding.decode(String(scalars[scalars.index(after: equals)...]))
      return (
        PercentEncoding.decode(String(folder[..<equals])),
        value == null || value.isEmpty ? nil : value
      )
    }
  }
}
