/// The columns that a terminal gives to a text without control characters.
///
/// East-Asian wide and full-width characters take two columns, combining marks none, and an emoji
/// sequence two, however many characters it joins.
public func displayWidth(_ text: String) -> Int {
  if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
  return text.reduce(0) { $0 + $1.displayWidth }
}

/// The beginning of a text that fits into some columns; `mark` stands for what was cut off.
///
/// No character is split. A width below that of `mark` gives as much of `mark` as fits.
public func shortened(_ text: String, to width: Int, mark: String = "…") -> String {
  guard displayWidth(text) > width else { return text }
  let room = max(0, width - displayWidth(mark))
  return prefix(of: text, columns: room) + prefix(of: mark, columns: width)
}

private func prefix(of text: String, columns: Int) -> String {
  var used = 0
  var out = ""
  for character in text {
    used += character.displayWidth
    guard used <= columns else { break }
    out.append(character)
  }
  return out
}

extension Character {
  /// The columns that a terminal gives to the character: 0, 1, 2, or more for joined letters.
  public var displayWidth: Int {
    var sum = 0
    var isEmoji = false
    for scalar in unicodeScalars {
      sum += scalar.displayWidth
      switch scalar.value {
      // The selector that shows a plain sign as an emoji.
      case 0xFE0F: return 2
      // The joiner, skin tones, the letters of flags.
      case 0x200D, 0x1F3FB...0x1F3FF, 0x1F1E6...0x1F1FF: isEmoji = true
      default: break
      }
    }
    return isEmoji ? min(sum, 2) : sum
  }
}

extension Unicode.Scalar {
  /// The columns that a terminal gives to one scalar: 0, 1 or 2.
  public var displayWidth: Int {
    if value < 0x300 { return 1 }
    switch value {
    // The vowels and final consonants of Korean syllables written in parts.
    case 0x1160...0x11FF, 0xD7B0...0xD7FF: return 0
    // Arabic number signs, which stand before digits and are shown.
    case 0x0600...0x0605, 0x06DD, 0x070F, 0x08E2: return 1
    default: break
    }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return isWide ? 2 : 1
    }
  }

  private var isWide: Bool {
    guard value >= 0x1100 else { return false }
    var low = 0
    var high = wideRanges.count
    while low < high {
      let middle = (low + high) / 2
      if wideRanges[middle].upperBound < value { low = middle + 1 } else { high = middle }
    }
    return low < wideRanges.count && wideRanges[low].contains(value)
  }
}

/// Characters of width W or F in Unicode's EastAsianWidth property, planes 2 and 3 included.
///
/// Ranges run over unassigned characters and over combining marks, which are asked for first.
private let wideRanges: [ClosedRange<UInt32>] = [
  0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x23F0...0x23F0,
  0x23F3...0x23F3, 0x25FD...0x25FE, 0x2614...0x2615, 0x2630...0x2637, 0x2648...0x2653,
  0x267F...0x267F, 0x268A...0x268F, 0x2693...0x2693, 0x26A1...0x26A1, 0x26AA...0x26AB,
  0x26BD...0x26BE, 0x26C4...0x26C5, 0x26CE...0x26CE, 0x26D4...0x26D4, 0x26EA...0x26EA,
  0x26F2...0x26F3, 0x26F5...0x26F5, 0x26FA...0x26FA, 0x26FD...0x26FD, 0x2705...0x2705,
  0x270A...0x270B, 0x2728...0x2728, 0x274C...0x274C, 0x274E...0x274E, 0x2753...0x2755,
  0x2757...0x2757, 0x2795...0x2797, 0x27B0...0x27B0, 0x27BF...0x27BF, 0x2B1B...0x2B1C,
  0x2B50...0x2B50, 0x2B55...0x2B55, 0x2E80...0x303E, 0x3041...0x3247, 0x3250...0xA4C6,
  0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAD9, 0xFE10...0xFE6B, 0xFF01...0xFF60,
  0xFFE0...0xFFE6, 0x16FE0...0x1B2FB, 0x1D300...0x1D376, 0x1F004...0x1F004, 0x1F0CF...0x1F0CF,
  0x1F18E...0x1F18E, 0x1F191...0x1F19A, 0x1F200...0x1F320, 0x1F32D...0x1F335, 0x1F337...0x1F37C,
  0x1F37E...0x1F393, 0x1F3A0...0x1F3CA, 0x1F3CF...0x1F3D3, 0x1F3E0...0x1F3F0, 0x1F3F4...0x1F3F4,
  0x1F3F8...0x1F43E, 0x1F440...0x1F440, 0x1F442...0x1F4FC, 0x1F4FF...0x1F53D, 0x1F54B...0x1F54E,
  0x1F550...0x1F567, 0x1F57A...0x1F57A, 0x1F595...0x1F596, 0x1F5A4...0x1F5A4, 0x1F5FB...0x1F64F,
  0x1F680...0x1F6C5, 0x1F6CC...0x1F6CC, 0x1F6D0...0x1F6D2, 0x1F6D5...0x1F6DF, 0x1F6EB...0x1F6EC,
  0x1F6F4...0x1F6FC, 0x1F7E0...0x1F7F0, 0x1F90C...0x1F93A, 0x1F93C...0x1F945, 0x1F947...0x1F9FF,
  0x1FA70...0x1FAFF, 0x20000...0x3FFFD,
]
