/// The genders that first names and titles are drawn for.
public enum Gender: String, CaseIterable, Hashable, Sendable {
  case female, male
}

extension Faker {
  /// Female or male, alike often.
  @inline(__always)
  public mutating func gender() -> Gender { random.next() >> 63 == 0 ? .female : .male }

  /// A first name, of either gender where none is given.
  public mutating func firstName(_ gender: Gender? = nil) -> String {
    word((gender ?? self.gender()) == .female ? Names.female : Names.male)
  }

  /// A family name.
  public mutating func lastName() -> String { word(Names.last) }

  /// A capital letter with a full stop.
  public mutating func middleInitial() -> String {
    String(Unicode.Scalar(UInt8(0x41 + random.below(26)))) + "."
  }

  /// First and family name.
  public mutating func fullName(_ gender: Gender? = nil) -> String {
    let first = firstName(gender)
    return join(first, lastName())
  }

  /// A title such as `Mrs.` or `Dr.`, which fits the gender.
  public mutating func prefix(_ gender: Gender? = nil) -> String {
    word((gender ?? self.gender()) == .female ? Names.femalePrefixes : Names.malePrefixes)
  }

  /// Two words with a space between them.
  @inline(__always)
  func join(_ first: String, _ second: String) -> String {
    ASCIIText.make(first.utf8.count + second.utf8.count + 1) { text in
      text.add(first)
      text.add(0x20)
      text.add(second)
    }
  }
}
