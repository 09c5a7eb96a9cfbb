import Basics

/// The words of a header or a column's name, each as the one that stands for all that mean the same.
struct HeaderWords: Hashable {
  let words: Set<String>

  init(_ name: String) {
    var words = ColumnName.plain(name).split(separator: "_").map(String.init)
    // A name in capitals, or one that SQL knows, is told otherwise by `plain`.
    if words.count > 1, words[0] == "column" { words.removeFirst() }
    var known = Set(HeaderWords.joined(words).flatMap { HeaderWords.meanings[$0] ?? [$0] })
    // `E-Mail` is two words.
    if known.contains("email") { known.remove("e") }
    if !known.isDisjoint(with: ["email", "phone"]) { known.subtract(["id", "address"]) }
    let plain = known.subtracting(HeaderWords.fillers)
    self.words = plain.isEmpty ? known : plain
  }

  /// `check` and `in` are `checkin`, where that is a word that means something.
  private static func joined(_ words: [String]) -> [String] {
    var joined: [String] = []
    for word in words {
      if let last = joined.last, meanings[last + word] != nil || stands.contains(last + word) {
        joined[joined.count - 1] = last + word
      } else {
        joined.append(word)
      }
    }
    return joined
  }

  /// How much alike two names are: 0 for nothing in common, 1 for the same words.
  ///
  /// It is Dice's coefficient, with words that stand in many names counting half and words with a slip
  /// of the pen three quarters.
  func likeness(_ other: HeaderWords) -> Double {
    let total = weight(words) + weight(other.words)
    guard total > 0 else { return 0 }
    let shared = words.intersection(other.words)
    var common = 2 * weight(shared)
    let rest = other.words.subtracting(shared)
    for word in words.subtracting(shared).sorted() where word.utf8.count > 3 {
      guard let near = nearest(word, in: rest.filter { $0.utf8.count > 3 }.sorted()) else {
        continue
      }
      common += 0.75 * (weight([word]) + weight([near]))
    }
    return min(1, common / total)
  }

  private func weight(_ words: Set<String>) -> Double {
    words.reduce(0) { $0 + (HeaderWords.usual.contains($1) ? 0.5 : 1) }
  }

  /// Words that tell little by themselves.
  private static let usual: Set<String> = ["id", "date", "at", "name", "year", "type", "home"]
  private static let fillers: Set<String> = ["the", "of", "a", "an", "is", "was", "in", "utc"]

  /// What stands for each group of words that mean the same in lists of members, classes and sales.
  private static let groups: [(meaning: String, words: String)] = [
    ("member", "members customer client user person subscriber patron mitglied kunde"),
    ("id", "no nr num number nummer key code uuid identifier ref reference"),
    ("email", "mail"), ("phone", "tel telephone mobile cell cellphone telefon handy"),
    ("first", "given forename vorname"), ("last", "surname family nachname"),
    ("gender", "sex geschlecht"), ("birth", "born"),
    ("signup", "joined join registered registration enrolled enrolment since"),
    ("date", "day datum"), ("at", "time timestamp datetime when"), ("year", "yr jahr"),
    ("city", "town ort stadt"), ("state", "province region"), ("zip", "postcode postal plz"),
    ("price", "cost fee rate"), ("amount", "total sum paid"),
    ("quantity", "qty count units pieces"), ("status", "condition"),
    ("location", "club studio branch site gym venue"), ("home", "primary main default preferred"),
    ("consent", "opt optin permission subscribed allowed"), ("device", "tracker wearable band"),
    ("start", "starts started begin begins began from"),
    ("end", "ends ended finish finished until expires expiry expiration"),
    ("instructor", "trainer coach teacher"), ("class", "course lesson"),
    ("login", "checkin entry entered arrival arrived"),
    ("logout", "checkout exit left departure departed"),
    ("booked", "booking reserved reservation"), ("category", "kind group"),
    ("changed", "updated modified edited"),
  ]

  /// The words that stand for others.
  private static let stands = Set(groups.map(\.meaning))

  private static let meanings: [String: [String]] = {
    var meanings: [String: [String]] = [
      "dob": ["birth", "date"], "birthday": ["birth", "date"], "birthdate": ["birth", "date"],
      "fullname": ["full", "name"], "firstname": ["first", "name"],
      "lastname": ["last", "name"], "yob": ["birth", "year"],
    ]
    for group in groups {
      for word in group.words.split(separator: " ") { meanings[String(word)] = [group.meaning] }
    }
    return meanings
  }()
}
