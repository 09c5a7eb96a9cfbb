/// How wide the columns of a table become in the room there is.
struct TableLayout: Hashable {
  /// What a column would like, and the least it can do with.
  struct Wish: Hashable {
    var natural: Int
    var minimum: Int
  }

  /// The widths of the columns that are shown, from the first on.
  let widths: [Int]

  /// Shows as many columns as fit at their least width, one at least, then shares out what is left.
  ///
  /// Narrow columns get what they like, wide ones the same share each. Once a column does not fit,
  /// those after it are left out too, so that what is shown is a beginning of the table.
  ///
  /// - Parameters:
  ///   - room: columns of the screen; nil where nothing limits them.
  ///   - frame: what lines and blanks take beside each column; one more closes the line.
  init(_ wishes: [Wish], room: Int?, frame: Int) {
    guard let room else {
      widths = wishes.map(\.natural)
      return
    }
    var shown = 0
    var needed = 1
    while shown < wishes.count, shown == 0 || needed + frame + wishes[shown].minimum <= room {
      needed += frame + wishes[shown].minimum
      shown += 1
    }
    widths = TableLayout.share(Array(wishes.prefix(shown)), room: room - 1 - frame * shown)
  }

  private static func share(_ wishes: [Wish], room: Int) -> [Int] {
    if wishes.count == 1, wishes[0].minimum > room { return [max(1, room)] }
    func widths(_ cap: Int) -> [Int] {
      wishes.map { max($0.minimum, min($0.natural, cap)) }
    }
    var low = 0
    var high = wishes.map(\.natural).max() ?? 0
    while low < high {
      let middle = (low + high + 1) / 2
      if widths(middle).reduce(0, +) <= room { low = middle } else { high = middle - 1 }
    }
    var result = widths(low)
    var left = room - result.reduce(0, +)
    for index in wishes.indices where left > 0 && result[index] < wishes[index].natural {
      result[index] += 1
      left -= 1
    }
    return result
  }
}
