extension TableJob {
  /// Marks a commit, in its `commitInfo`, that brought rows in from quarantine.
  static let replayTag = "podiumReplay"
}
