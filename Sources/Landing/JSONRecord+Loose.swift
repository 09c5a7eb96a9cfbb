/// Members of one record whose names are declared ones but for case and spaces.
///
/// Such a member is taken where the record has no member of the very name and no second one like
/// it; otherwise it is rescued, as an undeclared one is.
struct JSONLooseMembers {
  struct Member {
    var extra: JSONRecord.Extra
    /// The value as a declared member has it, without quotes.
    var slot: Slot
    let declared: Int
  }

  private let names: LooseNames
  /// By the number of an undeclared name: that of the declared name it is like, or -1.
  private var declared: [Int] = []
  /// The members of the record that is being split.
  private(set) var members: [Member] = []
  /// By the number of an undeclared name, whether a member of it was taken in any record.
  private var taken: [Bool] = []
  /// Numbers of declared names for which a record had several members.
  private(set) var ambiguous: Set<Int> = []

  init(declared names: [String], others: [String: Int]) {
    self.names = LooseNames(declared: names, others: others)
  }

  /// The number of the declared name that an undeclared one is like.
  /// - Parameter other: the place of the name among the undeclared ones in `all`.
  mutating func declared(_ other: Int, in all: ArraySlice<String>) -> Int? {
    while declared.count <= other {
      declared.append(names.declared(all[all.startIndex + declared.count]) ?? -1)
      taken.append(false)
    }
    return declared[other] < 0 ? nil : declared[other]
  }

  /// Keeps a member until the record ends; of members of one name the last.
  mutating func add(_ member: Member) {
    if let index = members.firstIndex(where: { $0.extra.number == member.extra.number }) {
      members[index] = member
    } else {
      members.append(member)
    }
  }

  /// True if a member is the only one like its declared name, of which the record has none itself.
  mutating func isOnly(_ member: Member, other: Int, hasExact: Bool) -> Bool {
    if hasExact { return false }
    if members.contains(where: {
      $0.declared == member.declared && $0.extra.number != member.extra.number
    }) {
      ambiguous.insert(member.declared)
      return false
    }
    taken[other] = true
    return true
  }

  mutating func removeAll() { members.removeAll(keepingCapacity: true) }

  /// The places, among the undeclared names, of those that were taken for a declared one.
  func taken(for number: Int) -> [Int] {
    declared.indices.filter { declared[$0] == number && taken[$0] }
  }

  /// True where members of the name were taken for those of a declared one.
  func isTaken(_ other: Int) -> Bool { other < taken.count && taken[other] }
}
