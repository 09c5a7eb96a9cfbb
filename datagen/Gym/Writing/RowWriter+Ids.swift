/// Numbers of things, each a letter and digits, and the columns that tell of a class.
extension RowWriter {
  /// A letter and a number of seven digits, such as a member's.
  mutating func id7(_ letter: UInt8, _ number: UInt32) {
    field()
    quote()
    cursor.reserve(16)
    (cursor.bytes + cursor.count).store(
      Digits.eight(number % 10_000_000) & ~0xFF | UInt64(letter), at: 0)
    cursor.count &+= 8
    quote()
  }

  /// A letter and a number of ten digits, such as a visit's.
  mutating func id10(_ letter: UInt8, _ number: Int) {
    field()
    quote()
    cursor.reserve(16)
    let magnitude = number.magnitude % 10_000_000_000
    cursor.bytes[cursor.count] = letter
    (cursor.bytes + cursor.count).store(Digits.two(UInt16(magnitude / 100_000_000)), at: 1)
    (cursor.bytes + cursor.count).store(Digits.eight(UInt32(magnitude % 100_000_000)), at: 3)
    cursor.count &+= 11
    quote()
  }

  /// A class's number, such as `C000000042`.
  mutating func classID(_ number: UInt32) {
    id(UInt8(ascii: "C"), digits: 9) { Digits.nine(number, to: $0) }
  }

  /// The number of an instructor of an index, such as `I00001` for 0.
  mutating func instructorID(_ index: UInt16) {
    id(UInt8(ascii: "I"), digits: 5) { Digits.five(UInt32(index) + 1, to: $0) }
  }

  private mutating func id(
    _ letter: UInt8, digits: Int, _ write: (UnsafeMutablePointer<UInt8>) -> Void
  ) {
    field()
    quote()
    put(letter)
    cursor.reserve(16)
    write(cursor.bytes + cursor.count)
    cursor.count &+= digits
    quote()
  }

  /// The columns of a class from its id to the state of its club, as all systems name them.
  /// - Parameter isRespelled: true where the instructor's name is spelled another way.
  mutating func classColumns(
    _ slot: ClassSlot, _ instructor: Instructor, isRespelled: Bool, _ club: Club
  ) {
    classID(slot.number)
    text(slot.type.titles[Int(slot.title)])
    word(slot.type.name)
    instructorID(slot.instructor)
    text(isRespelled ? instructor.otherName : instructor.name)
    text(instructor.email)
    text(club.id)
    text(club.name)
    text(club.city)
    text(club.state)
  }
}
