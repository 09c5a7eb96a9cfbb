/// Splits one JSON object into the texts of its members.
///
/// Members mostly come in the same order in all records, so each name is first compared with the
/// one that followed the same predecessor the last time.
final class JSONRecord {
  /// Objects and arrays inside each other, the record itself included.
  static let depthLimit = 500

  /// A member that is not declared, as it stands in the text.
  struct Extra {
    /// The number of its name, or -1 where that is not remembered.
    let number: Int
    /// The name with its quotes.
    let key: Slot
    /// The value, a text with its quotes.
    var value: Slot
  }

  /// Why an object could not be split.
  enum Problem {
    /// The text ends before the object does.
    case end
    case nul
    case json(LandingError.JSONProblem)
  }

  let names: NameTable
  /// Whether newlines may stand between values.
  let allowsNewlines: Bool
  /// Members of the records since `forgetExtras(from:)` that are not declared.
  private(set) var extras: [Extra] = []
  /// The count of `extras`, apart because asking the array costs a check of exclusive access.
  private(set) var extraCount = 0
  private(set) var loose: JSONLooseMembers
  /// True where the record has members of `loose`, apart for the same reason.
  private var hasLoose = false
  /// Where names beyond the remembered ones stand in `extras`.
  private var rareNames: [String: Int] = [:]
  private var hasRareNames = false
  /// By the number of a name and 1, or 0 for the first of a record: the name that came next.
  private let next: UnsafeMutablePointer<Int32>
  /// By the number of an undeclared name: where it last stood in `extras`.
  private let lastExtra: UnsafeMutablePointer<Int>
  private let seen: UnsafeMutablePointer<Bool>
  /// By the number of an undeclared name: true where it is known to be like no declared one.
  private let isLikeNone: UnsafeMutablePointer<Bool>
  /// For each open array or object inside the record, a bit that is set for an object.
  let nesting: UnsafeMutablePointer<UInt64>

  /// What stopped the last split, and where.
  var problem = Problem.end
  var place: UnsafePointer<UInt8>

  /// - Parameter others: other names of declared ones, by number.
  init(declared: [String], others: [String: Int], allowsNewlines: Bool) {
    names = NameTable(declared: declared)
    loose = JSONLooseMembers(declared: declared, others: others)
    self.allowsNewlines = allowsNewlines
    let count = declared.count + NameTable.othersLimit
    next = .allocate(capacity: count + 1)
    next.initialize(repeating: 0, count: count + 1)
    for number in 0..<declared.count { next[number] = Int32(number) }
    lastExtra = .allocate(capacity: count)
    lastExtra.initialize(repeating: 0, count: count)
    seen = .allocate(capacity: count)
    seen.initialize(repeating: false, count: count)
    isLikeNone = .allocate(capacity: count)
    isLikeNone.initialize(repeating: false, count: count)
    nesting = .allocate(capacity: JSONRecord.depthLimit / 64 + 1)
    nesting.initialize(repeating: 0, count: JSONRecord.depthLimit / 64 + 1)
    place = UnsafePointer(names.patterns.pointee.bytes)
  }

  deinit {
    next.deallocate()
    lastExtra.deallocate()
    seen.deallocate()
    isLikeNone.deallocate()
    nesting.deallocate()
  }

  /// True where a declared name has occurred.
  func hasSeen(_ number: Int) -> Bool { seen[number] }

  /// Splits the object at `start` and answers the place after it, or nil and `problem`.
  /// - Parameter slots: one for each declared name; absent and null members are NULL.
  func split(
    _ start: UnsafePointer<UInt8>, base: UnsafePointer<UInt8>, slots: UnsafeMutablePointer<Slot>
  ) -> UnsafePointer<UInt8>? {
    let names = names
    let declared = names.declared
    let firstExtra = extraCount
    for index in 0..<declared { slots[index] = .absent }
    if hasRareNames { forgetRareNames() }
    if hasLoose { forgetLoose() }
    var at = skipSpace(start + 1)
    if at.pointee == ASCII.closeBrace { return at + 1 }
    var previous = 0
    while true {
      let key = at
      var number = Int(next[previous])
      if at.pointee == ASCII.quote, names.matches(number, at + 1) {
        at += names.patterns[number].count &+ 1
      } else {
        guard let (found, after) = readName(at) else { return nil }
        number = found
        at = after
        if number >= 0 { next[previous] = Int32(number) }
      }
      at = skipSpace(at)
      guard let (slot, after) = value(at, base) else { return nil }
      if number >= 0, number < declared {
        slots[number] = slot
        seen[number] = true
      } else {
        let value = Slot(base, at, after)
        let extra = Extra(number: number, key: keySlot(key, base), value: value)
        if !addLoose(extra, slot) { addExtra(extra, from: firstExtra) }
      }
      if number >= 0 { previous = number &+ 1 }
      at = skipSpace(after)
      if at.pointee == ASCII.comma {
        at = skipSpace(at + 1)
      } else if at.pointee == ASCII.closeBrace {
        if hasLoose { settleLoose(slots, from: firstExtra) }
        return at + 1
      } else {
        return fail(at)
      }
    }
  }

  private func keySlot(_ key: UnsafePointer<UInt8>, _ base: UnsafePointer<UInt8>) -> Slot {
    var end = WordScan.stringEnd(key + 1)
    while end.pointee == ASCII.backslash { end = WordScan.stringEnd(end + 2) }
    return Slot(base, key, end + 1)
  }

  /// Keeps a member; of members of one name in a record the last.
  private func addExtra(_ extra: Extra, from first: Int) {
    if extra.number >= 0 {
      let last = lastExtra[extra.number]
      if last >= first, last < extras.count, extras[last].number == extra.number {
        extras[last].value = extra.value
        return
      }
      lastExtra[extra.number] = extras.count
    } else if let last = rareNames.updateValue(extras.count, forKey: rareName) {
      rareNames[rareName] = last
      extras[last].value = extra.value
      return
    } else {
      hasRareNames = true
    }
    extras.append(extra)
    extraCount = extras.count
  }

  /// Keeps a member that is declared but for case and spaces; false where it is not.
  ///
  /// Names beyond the remembered ones are not looked at.
  private func addLoose(_ extra: Extra, _ slot: Slot) -> Bool {
    guard extra.number >= 0, !isLikeNone[extra.number] else { return false }
    guard let declared = loose.declared(extra.number - names.declared, in: names.others) else {
      isLikeNone[extra.number] = true
      return false
    }
    loose.add(JSONLooseMembers.Member(extra: extra, slot: slot, declared: declared))
    hasLoose = true
    return true
  }

  /// Decides, at a record's end, which loose members are taken; the others are rescued.
  private func settleLoose(_ slots: UnsafeMutablePointer<Slot>, from first: Int) {
    var rescued: [Extra] = []
    for member in loose.members {
      let isTaken = loose.isOnly(
        member, other: member.extra.number - names.declared,
        hasExact: !slots[member.declared].isAbsent)
      if isTaken {
        slots[member.declared] = member.slot
        seen[member.declared] = true
      } else {
        rescued.append(member.extra)
      }
    }
    for extra in rescued { addExtra(extra, from: first) }
  }

  private func forgetLoose() {
    loose.removeAll()
    hasLoose = false
  }

  private func forgetRareNames() {
    rareNames.removeAll(keepingCapacity: true)
    hasRareNames = false
  }

  /// Forgets members from a place in `extras` on.
  func forgetExtras(from first: Int) {
    guard extraCount > first else { return }
    extras.removeLast(extraCount - first)
    extraCount = first
  }

  /// The name that `readName` found not to be remembered.
  private var rareName = ""
  private var nameText: [UInt8] = []

  /// Reads a name and the colon after it; -1 stands for a name that is not remembered.
  private func readName(
    _ at: UnsafePointer<UInt8>
  ) -> (number: Int, after: UnsafePointer<UInt8>)? {
    guard at.pointee == ASCII.quote else { return fail(at) }
    var end = WordScan.stringEnd(at + 1)
    var number: Int?
    if end.pointee == ASCII.quote {
      number = names.number(at + 1, count: end - at - 1)
      if number == nil { rareName = text(at + 1, count: end - at - 1) }
    } else {
      guard let close = skipEscapes(end) else { return nil }
      end = close
      nameText = [UInt8](repeating: 0, count: end - at + 8)
      nameText.withUnsafeMutableBufferPointer { buffer in
        guard let place = buffer.baseAddress else { return }
        let count = JSONText.unescape(at + 1, end - at - 1, place)
        number = names.number(place, count: count)
        if number == nil { rareName = text(place, count: count) }
      }
    }
    let colon = skipSpace(end + 1)
    guard colon.pointee == ASCII.colon else { return fail(colon) }
    return (number ?? -1, colon + 1)
  }

  private func text(_ start: UnsafePointer<UInt8>, count: Int) -> String {
    String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }
}
