/// A value for each member by number, which is the same for all until it is set.
struct PerMember<Value: Sendable>: Sendable {
  private var values: [Value] = []
  private let initial: Value

  init(_ initial: Value) { self.initial = initial }

  subscript(_ member: UInt32) -> Value {
    get { Int(member) < values.count ? values[Int(member)] : initial }
    set {
      if values.count <= Int(member) {
        let missing = Int(member) + 1 - values.count
        values.append(contentsOf: repeatElement(initial, count: missing))
      }
      values[Int(member)] = newValue
    }
  }
}
