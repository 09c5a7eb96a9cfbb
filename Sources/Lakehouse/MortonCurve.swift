/// The bits of several numbers, taken in turns, and the curve's parts.
struct MortonCurve {
  let columns: Int
  /// Bits of each column's place, as many as all together leave in a HUGEINT.
  var bits: Int { max(1, min(12, 120 / columns)) }
  var steps: Int { 1 << bits }
  /// Bits of a place on the curve that tell places of one cell apart.
  var shift: Int { max(0, bits * columns - MortonCurve.cellBits) }

  /// Bits of a cell's number; rows are counted by cells.
  private static let cellBits = 16

  /// An expression for a place with the other columns' bits left free.
  func spread(_ place: String, _ column: Int) -> String {
    let type = bits * columns < 63 ? "BIGINT" : "HUGEINT"
    let terms = (0..<bits).map { bit in
      "(((CAST(\(place) AS \(type)) >> \(bit)) & 1) << \(bit * columns + columns - 1 - column))"
    }
    return terms.joined(separator: " + ")
  }

  /// The number of the file that each cell goes into.
  ///
  /// The curve is halved, and its halves, as long as a part has more than half as many rows again as
  /// a file; so files end where the curve turns, and a file's values lie within narrow bounds. Parts
  /// that are much smaller go together.
  /// - Parameter cells: cells that have rows, in their order.
  func files(_ cells: [(cell: Int64, rows: Int64)], rowsPerFile: Int64) -> [Int64] {
    var parts: [Range<Int>] = []
    func split(_ range: Range<Int>, _ first: Int64, _ width: Int64) {
      if range.isEmpty { return }
      let rows = cells[range].reduce(Int64(0)) { $0 &+ $1.rows }
      guard width > 1, Double(rows) > 1.5 * Double(rowsPerFile) else { return parts.append(range) }
      let middle = first + width / 2
      let cut = range.first { cells[$0].cell >= middle } ?? range.upperBound
      split(range.lowerBound..<cut, first, width / 2)
      split(cut..<range.upperBound, middle, width / 2)
    }
    split(0..<cells.count, 0, 1 << MortonCurve.cellBits)
    var files: [Int64] = []
    var file: Int64 = 0
    var filled: Int64 = 0
    for part in parts {
      let rows = cells[part].reduce(Int64(0)) { $0 &+ $1.rows }
      if filled > 0, filled &+ rows > rowsPerFile {
        file += 1
        filled = 0
      }
      filled = filled &+ rows
      files += part.map { _ in file }
    }
    return files
  }
}
