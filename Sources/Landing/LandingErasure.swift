import Basics
import Storage

/// A landing file without some of its records.
public struct LandingErasure: Sendable {
  /// Records that it no longer has.
  public let records: Int64
  /// Hash and size of the file as it was.
  public let before: ContentHash
  /// The file's bytes without them, compressed as it was.
  public let bytes: [UInt8]

  /// Hash and size of the file as it is to be.
  public var after: ContentHash { ContentHash(of: bytes) }

  /// Takes records out of a file; nil where it has none of them.
  ///
  /// All other records stay on their lines, byte for byte: of a text of lines the erased ones are
  /// left empty, of a JSON array only the line ends in them stay. The plain text is held in memory.
  /// - Parameter isMeant: tells by the values of the fields.
  public init?(
    _ store: any ObjectStore, _ file: String, fields: [LandingField],
    where isMeant: ([String?]) -> Bool
  ) throws(LandingError) {
    let format = try LandingFormat(fileName: file)
    let reader = LandingFileReader(store: store, file: file, fields: fields)
    var erased: [(ordinal: Int64, lines: Range<Int64>)] = []
    var ordinal: Int64 = 0
    var isOpen = false
    while let batch = try reader.next() {
      let lines = batch.columns[fields.count + 2]
      for row in 0..<batch.rows {
        let line = lines.integer(row) ?? 0
        if isOpen, let last = erased.last {
          // A record ends before the next one begins.
          erased[erased.count - 1].lines = last.lines.lowerBound..<max(line, last.lines.lowerBound)
        }
        isOpen = isMeant(fields.indices.map { batch.columns[$0].text(row) })
        if isOpen { erased.append((ordinal, line..<Int64.max)) }
        ordinal += 1
      }
    }
    guard !erased.isEmpty, let summary = reader.summary else { return nil }
    let packed: [UInt8]
    do { packed = try store.read(file) } catch { throw LandingError(file, .unreadable(error)) }
    before = ContentHash(of: packed)
    guard before == summary.content else {
      let error = StorageError(.failed, .read, file, detail: "it changed while it was read")
      throw LandingError(file, .unreadable(error))
    }
    do {
      let plain = try format.compression.unpacked(packed)
      let rest =
        format.records == .json
        ? RecordEraser.withoutElements(plain, Set(erased.map(\.ordinal)))
        : RecordEraser.emptied(plain, lines: erased.map(\.lines))
      bytes = try format.compression.packed(rest)
    } catch {
      throw LandingError(file, .badCompression(error))
    }
    records = Int64(erased.count)
  }
}

extension Compression {
  /// The plain bytes of compressed ones.
  func unpacked(_ bytes: [UInt8]) throws(CompressionError) -> [UInt8] {
    switch self {
    case .none: bytes
    case .gzip: try Gzip.decompress(bytes)
    case .lz4: try LZ4Frame.decompress(bytes)
    }
  }

  /// Compressed bytes of plain ones.
  func packed(_ bytes: [UInt8]) throws(CompressionError) -> [UInt8] {
    switch self {
    case .none: bytes
    case .gzip: try Gzip.compress(bytes)
    case .lz4: try LZ4Frame.compress(bytes)
    }
  }
}
