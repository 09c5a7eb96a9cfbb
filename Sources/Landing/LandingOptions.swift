/// Sizes that bound the memory of a reader; values out of range are brought into it.
public struct LandingOptions: Hashable, Sendable {
  /// The most bytes that one record may have.
  public static let recordLimit = 64 << 20

  /// Bytes of one read from the store.
  public let chunkBytes: Int
  /// Bytes of text that are split into records at a time; it grows for a longer record.
  public let windowBytes: Int
  /// Rows after which a batch is handed out.
  public let batchRows: Int
  /// Bytes of text after which a batch is handed out, give or take a window.
  public let batchBytes: Int
  /// The most bytes that one record may have.
  public let recordLimit: Int

  public init(
    chunkBytes: Int = 4 << 20, windowBytes: Int = 256 << 10, batchRows: Int = 1 << 16,
    batchBytes: Int = 16 << 20, recordLimit: Int = LandingOptions.recordLimit
  ) {
    // Within these bounds no column of a batch reaches the 2 GB that its offsets can count.
    self.chunkBytes = min(max(1, chunkBytes), 1 << 30)
    self.windowBytes = min(max(16, windowBytes), 128 << 20)
    self.batchRows = min(max(1, batchRows), 1 << 24)
    self.batchBytes = min(max(1, batchBytes), 256 << 20)
    self.recordLimit = min(max(16, recordLimit), LandingOptions.recordLimit)
  }
}
