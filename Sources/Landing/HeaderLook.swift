import Basics

/// Tells a header line from a record, whose values no error may show.
enum HeaderLook {
  /// Words that stand in headers and hardly ever make up a value.
  private static let words: Set<String> = [
    "id", "name", "date", "email", "phone", "address", "timestamp", "code", "number", "amount",
    "price", "quantity", "gender", "country", "description", "category", "key", "uuid", "zip",
  ]

  /// The names of a header that certainly is one; none where the line may be a record.
  ///
  /// It is one where every field looks like a name, and at least one is much like a declared name
  /// or holds a word that is usual in headers.
  static func names(_ header: [String], _ fields: [LandingField]) -> [String] {
    let declared = fields.map(\.source)
    let isHeader =
      header.allSatisfy(isName)
      && header.prefix(100).contains { name in
        !words.isDisjoint(with: parts(name))
          || (name.utf8.count > 3 && nearest(name, in: declared) != nil)
      }
    return isHeader ? header : []
  }

  private static func isName(_ text: String) -> Bool {
    let scalars = text.unicodeScalars
    guard let first = scalars.first(where: { !$0.properties.isWhitespace }),
      first.properties.isAlphabetic || first == "_", scalars.count <= 64
    else { return false }
    return scalars.allSatisfy {
      $0.properties.isAlphabetic || $0.properties.numericType != nil
        || " _-./()#%".unicodeScalars.contains($0)
    }
  }

  /// The words of a name such as `class id`, `class_id` or `classId`, in lower case.
  private static func parts(_ name: String) -> [String] {
    var parts = [""]
    var wasLower = false
    for character in name {
      let isUpper = character.isUppercase
      if !character.isLetter || (isUpper && wasLower) { parts.append("") }
      if character.isLetter { parts[parts.count - 1] += character.lowercased() }
      wasLower = character.isLowercase
    }
    return parts
  }
}
