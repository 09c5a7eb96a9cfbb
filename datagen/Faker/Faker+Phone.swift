extension Faker {
  /// A telephone number kept for fiction, such as `(212) 555-0134`.
  /// - Parameter state: the code of a state whose areas to use; any state's where nil or unknown.
  public mutating func phone(in state: String? = nil) -> String {
    let state = state.flatMap { Places.stateByCode[$0] } ?? self.state()
    return phone(areas: state.areaCodes)
  }

  mutating func phone(areas: [Int]) -> String {
    let area = random.pick(areas) ?? 202
    let line = 100 + random.below(100)
    return ASCIIText.make(14) { text in
      text.add("(")
      text.add(area, digits: 3)
      text.add(") 555-")
      text.add(line, digits: 4)
    }
  }
}
