internal import CLZ4

/// The LZ4 frame format (magic number 0x184D2204), as the `lz4` tool reads and writes it.
public enum LZ4Frame {
  /// Compresses bytes into one frame with its size and checksum, in independent blocks of 256 KB.
  public static func compress(_ bytes: [UInt8]) throws(StorageError) -> [UInt8] {
    var preferences = LZ4F_preferences_t()
    preferences.frameInfo.blockSizeID = LZ4F_max256KB
    preferences.frameInfo.blockMode = LZ4F_blockIndependent
    preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled
    preferences.frameInfo.contentSize = UInt64(bytes.count)
    let bound = LZ4F_compressFrameBound(bytes.count, &preferences)
    var failure: StorageError?
    let frame = [UInt8](unsafeUninitializedCapacity: bound) { output, filled in
      let made = bytes.withUnsafeBytes { input in
        LZ4F_compressFrame(
          output.baseAddress, output.count, input.baseAddress, input.count, &preferences)
      }
      if LZ4F_isError(made) != 0 {
        failure = StorageError(
          .failed, .write, "an LZ4 frame", detail: String(cString: LZ4F_getErrorName(made)))
      } else {
        filled = made
      }
    }
    if let failure { throw failure }
    return frame
  }
}
