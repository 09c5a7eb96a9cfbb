import Glibc

extension Session {
  /// Has something confirmed on the terminal unless `--yes` is given; refused where nobody can answer.
  /// - Parameters:
  ///   - question: ends in what to type.
  ///   - answer: what confirms; all else refuses.
  ///   - refusal: why it cannot go on unasked.
  func confirm(_ question: String, answer: String, refusal: String) throws {
    if try values.flag("yes") { return }
    guard isatty(0) == 1, isatty(2) == 1, !json else {
      throw WrongUsage(description: "\(refusal), and nobody can be asked here: add --yes.")
    }
    try errors.write("\(errorTerminal.sentence(question)) ")
    try errors.flush()
    guard readLine() == answer else {
      throw WrongUsage(description: "not confirmed. Nothing was changed.")
    }
  }
}
