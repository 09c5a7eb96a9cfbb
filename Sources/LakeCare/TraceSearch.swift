import Basics
import Runner
import Storage

/// Looks in bytes for what tells a person: ids as whole words, names and the like as parts.
struct TraceSearch {
  /// Lower-case words of letters, digits and `-`, `_`.
  private let words: Set<[UInt8]>
  /// Lower-case texts of other bytes too.
  private let texts: [[UInt8]]

  /// - Parameter traces: names, e-mails, phones; of a long number its digits alone are looked for too.
  init(_ ids: Set<String>, _ traces: [String]) {
    var words: Set<[UInt8]> = []
    var texts: Set<[UInt8]> = []
    func add(_ text: String) {
      let bytes = Array(text.lowercased().utf8)
      guard !bytes.isEmpty else { return }
      if bytes.allSatisfy(TraceSearch.isOfWord) { words.insert(bytes) } else { texts.insert(bytes) }
    }
    for id in ids { add(id) }
    for trace in traces {
      add(trace)
      let digits = trace.filter(\.isASCII).filter(\.isNumber)
      if digits.count >= 7 { add(digits) }
    }
    self.words = words
    self.texts = Array(texts)
  }

  /// True if the bytes hold one of them.
  func finds(in bytes: [UInt8]) -> Bool {
    let bytes = bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    return bytes.split(omittingEmptySubsequences: true) { !TraceSearch.isOfWord($0) }
      .contains { words.contains(Array($0)) }
      || texts.contains { TraceSearch.holds(bytes, $0) }
  }

  /// True if the bytes hold one of them anywhere: a database keeps values without anything between.
  func findsPart(in bytes: [UInt8]) -> Bool {
    let bytes = bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    return (Array(words) + texts).contains { TraceSearch.holds(bytes, $0, asPart: true) }
  }

  /// True if a text stands in bytes, as whole words unless a part will do.
  private static func holds(_ bytes: [UInt8], _ text: [UInt8], asPart: Bool = false) -> Bool {
    guard let first = text.first, let last = text.last, bytes.count >= text.count else {
      return false
    }
    for start in 0...(bytes.count - text.count) where bytes[start] == first {
      let end = start + text.count
      guard bytes[start..<end].elementsEqual(text) else { continue }
      if asPart { return true }
      let begins = start == 0 || !isOfWord(bytes[start - 1]) || !isOfWord(first)
      let ends = end == bytes.count || !isOfWord(bytes[end]) || !isOfWord(last)
      if begins, ends { return true }
    }
    return false
  }

  private static func isOfWord(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte >= 0x80
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }

  /// The plain bytes of a file as far as they can be had.
  static func readable(_ bytes: [UInt8], _ path: String) -> [UInt8] {
    let name = path.lowercased()
    let compression: Compression =
      name.hasSuffix(".gz") ? .gzip : name.hasSuffix(".lz4") ? .lz4 : .none
    guard let decompressor = try? compression.decompressor() else { return bytes }
    var plain: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    var at = 0
    while at < bytes.count {
      let step = bytes.withUnsafeBytes { input in
        piece.withUnsafeMutableBytes { output in
          try? decompressor.decompress(UnsafeRawBufferPointer(rebasing: input[at...]), into: output)
        }
      }
      guard let (taken, made) = step, taken > 0 || made > 0 else { break }
      at += taken
      plain += piece[..<made]
    }
    // What is not of the format may be plain text under another name.
    return plain + bytes
  }
}
