/// Draws an index in proportion to its weight, in constant time (Walker's alias method).
///
/// The table is built as Michael Vose describes, with 32-bit thresholds.
public struct AliasTable: Sendable {
  /// For each column, the share of draws (of 2³²) that stay in it.
  @usableFromInline let thresholds: [UInt32]
  /// For each column, the index that gets the rest.
  @usableFromInline let aliases: [UInt32]

  /// Number of indices; at least 1.
  @inlinable public var count: Int { thresholds.count }

  /// A table over the weights' indices.
  ///
  /// Weights that are negative or no numbers count as 0. Where no weight is above 0, all indices
  /// are alike; an empty array gives a table that always answers 0.
  public init(weights: [Double]) {
    let count = max(1, weights.count)
    var weights = weights.map { $0 > 0 && $0.isFinite ? $0 : 0 }
    if weights.isEmpty { weights = [1] }
    let total = weights.reduce(0, +)
    var scaled =
      total > 0
      ? weights.map { $0 * Double(count) / total } : [Double](repeating: 1, count: count)
    var thresholds = [UInt32](repeating: .max, count: count)
    var aliases = (0..<count).map { UInt32(truncatingIfNeeded: $0) }
    var small = scaled.indices.filter { scaled[$0] < 1 }
    var large = scaled.indices.filter { scaled[$0] >= 1 }
    while let less = small.popLast(), let more = large.last {
      thresholds[less] = UInt32(clamping: Int(scaled[less] * 0x1p32))
      aliases[less] = UInt32(truncatingIfNeeded: more)
      scaled[more] -= 1 - scaled[less]
      if scaled[more] < 1 {
        large.removeLast()
        small.append(more)
      }
    }
    self.thresholds = thresholds
    self.aliases = aliases
  }

  /// An index, chosen by 64 random bits.
  @inlinable @inline(__always)
  public func index(_ bits: UInt64) -> Int {
    let product = (bits >> 32) &* UInt64(truncatingIfNeeded: thresholds.count)
    let column = Int(truncatingIfNeeded: product >> 32)
    let stays = UInt32(truncatingIfNeeded: bits) <= thresholds[column]
    return stays ? column : Int(truncatingIfNeeded: aliases[column])
  }

  /// An index.
  @inlinable @inline(__always)
  public func draw(_ random: inout SeededRandom) -> Int { index(random.next()) }
}

extension AliasTable {
  /// One column of the table, for callers that keep many tables in one array: the share of draws
  /// (of 2³²) that stay with its index, and the index that gets the rest.
  ///
  /// A column outside the table answers that all draws stay.
  public func column(_ index: Int) -> (threshold: UInt32, alias: Int) {
    guard thresholds.indices.contains(index) else { return (.max, index) }
    return (thresholds[index], Int(aliases[index]))
  }
}
