/// The number of single-character edits that turn one text into another, case ignored
/// (optimal string alignment: insert, delete, replace, swap two neighbours).
public func editDistance(_ a: String, _ b: String) -> Int {
  let a = Array(a.lowercased().unicodeScalars)
  let b = Array(b.lowercased().unicodeScalars)
  if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
  var beforeLast = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in 1...a.count {
    var row = [Int](repeating: i, count: b.count + 1)
    for j in 1...b.count {
      let cost = a[i - 1] == b[j - 1] ? 0 : 1
      row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost)
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        row[j] = min(row[j], beforeLast[j - 2] + 1)
      }
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}

/// The known name most like a misspelt one; nil where none is near enough to be meant.
///
/// Near enough is one edit for every three characters, at least one. A name that begins or ends
/// with the misspelt text counts as near, so `members` finds `silver.members`.
public func nearest(_ name: String, in known: some Sequence<String>) -> String? {
  let allowed = max(1, name.unicodeScalars.count / 3)
  let asked = name.lowercased()
  let length = asked.unicodeScalars.count
  var best: (name: String, distance: Int)?
  for candidate in known {
    let lowered = candidate.lowercased()
    var distance = Int.max
    // No fewer edits than the lengths differ by.
    if abs(lowered.unicodeScalars.count - length) <= allowed {
      distance = editDistance(name, candidate)
    }
    if asked.utf8.count >= 3, lowered.hasPrefix(asked) || lowered.hasSuffix(asked) {
      distance = min(distance, allowed)
    }
    guard distance <= allowed else { continue }
    let better = best.map { (distance, candidate) < ($0.distance, $0.name) } ?? true
    if better { best = (candidate, distance) }
  }
  return best?.name
}

/// ` Did you mean 'x'?` for a near miss, otherwise an empty text; it begins with a space.
public func didYouMean(_ name: String, in known: some Sequence<String>) -> String {
  didYouMean(nearest(name, in: known))
}

/// The same for a near miss that is known already; empty for nil.
public func didYouMean(_ near: String?) -> String {
  near.map { " Did you mean '\($0)'?" } ?? ""
}
