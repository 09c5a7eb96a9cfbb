import Storage

/// The plain bytes of one landing file, read from its store a chunk at a time.
///
/// It hashes what it reads before decompression, so that the caller can tell whether the file was
/// the same from the first chunk to the last.
final class ByteSource {
  private let store: any ObjectStore
  private let file: String
  private let chunkBytes: Int
  private let decompressor: (any Decompressor)?
  private let hasher = ContentHasher()
  private var chunk: [UInt8] = []
  /// Bytes of the chunk that were used.
  private var taken = 0
  private var ended = false

  init(
    store: any ObjectStore, file: String, compression: Compression, chunkBytes: Int
  ) throws(LandingError) {
    self.store = store
    self.file = file
    self.chunkBytes = chunkBytes
    do {
      decompressor = try compression.decompressor()
    } catch {
      throw LandingError(file, .badCompression(error))
    }
  }

  /// Hash and size of the bytes read so far, before decompression.
  var content: ContentHash { hasher.hash }

  /// Writes up to `room` bytes to `place` and answers how many; 0 only at the end.
  func read(
    into place: UnsafeMutablePointer<UInt8>, room: Int
  ) throws(LandingError) -> Int {
    let output = UnsafeMutableRawBufferPointer(start: place, count: room)
    while true {
      if taken == chunk.count, !ended { try readChunk() }
      let step = chunk.withUnsafeBytes { bytes in
        self.step(UnsafeRawBufferPointer(rebasing: bytes[taken...]), output)
      }
      let (used, made) = try step.get()
      taken += used
      if made > 0 { return made }
      if taken == chunk.count, ended {
        try finish()
        return 0
      }
    }
  }

  private func readChunk() throws(LandingError) {
    do {
      chunk = try store.read(file, range: hasher.size..<hasher.size + Int64(chunkBytes))
    } catch {
      throw LandingError(file, .unreadable(error))
    }
    taken = 0
    hasher.append(chunk)
    ended = chunk.count < chunkBytes
  }

  private func step(
    _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
  ) -> Result<(taken: Int, made: Int), LandingError> {
    guard let decompressor else {
      let count = min(input.count, output.count)
      output.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[..<count]))
      return .success((count, count))
    }
    do throws(CompressionError) {
      let step = try decompressor.decompress(input, into: output)
      // A decompressor that stands still with input at hand would never end.
      guard step.taken > 0 || step.made > 0 || input.isEmpty else {
        throw CompressionError(.failed, .none, offset: hasher.size, detail: "no progress")
      }
      return .success(step)
    } catch {
      return .failure(LandingError(file, .badCompression(error)))
    }
  }

  private func finish() throws(LandingError) {
    do {
      try decompressor?.finish()
    } catch {
      throw LandingError(file, .badCompression(error))
    }
  }
}
