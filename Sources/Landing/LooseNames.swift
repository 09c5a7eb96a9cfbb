/// Finds the declared name that another one is, but for case and the spaces around it.
struct LooseNames {
  private var numbers: [String: Int] = [:]

  /// - Parameters:
  ///   - declared: names that differ from each other; where they differ in case or spaces alone, none
  ///     of them has a loose match.
  ///   - others: other names of theirs, by number.
  init(declared: [String], others: [String: Int] = [:]) {
    var rivals: Set<String> = []
    for (number, name) in declared.enumerated() {
      let plain = LooseNames.plain(name)
      if numbers.updateValue(number, forKey: plain) != nil { rivals.insert(plain) }
    }
    for plain in rivals { numbers[plain] = nil }
    for (name, number) in others where numbers[LooseNames.plain(name)] == nil {
      numbers[LooseNames.plain(name)] = number
    }
  }

  /// The number of the declared name.
  func declared(_ name: String) -> Int? { numbers[LooseNames.plain(name)] }

  /// A name without the spaces around it and in lower case.
  static func plain(_ name: String) -> String {
    var name = Substring(name.lowercased())
    while name.first?.isWhitespace == true { name.removeFirst() }
    while name.last?.isWhitespace == true { name.removeLast() }
    return String(name)
  }
}
