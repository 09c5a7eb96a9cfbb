extension StringProtocol {
  /// The text with ASCII signs replaced, whatever follows them.
  ///
  /// `replacing`, `split` and a loop over a text go by characters, and to Swift a quote with a
  /// combining accent behind it is another character than a quote. To a shell, an engine or a parser
  /// it is still a quote, so what escapes a text for one of them uses this.
  /// - Parameter signs: what stands for each sign; none beyond ASCII is found.
  public func replacingSigns(_ signs: [Unicode.Scalar: String]) -> String {
    guard utf8.contains(where: { signs[Unicode.Scalar($0)] != nil && $0 < 0x80 }) else {
      return String(self)
    }
    var out = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if scalar.isASCII, let sign = signs[scalar] {
        out.append(contentsOf: sign.unicodeScalars)
      } else {
        out.append(scalar)
      }
    }
    return String(out)
  }
}
