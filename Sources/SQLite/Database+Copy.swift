extension Database {
  /// Writes the database as it is into a new file, also while others write to it (`VACUUM INTO`).
  ///
  /// - Parameter path: where no file may be yet.
  public func copy(to path: String) throws(SQLiteError) {
    _ = try run("VACUUM INTO ?", [.text(path)])
  }
}
