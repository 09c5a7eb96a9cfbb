import Basics
import Storage

/// Reading and writing of deletion vectors (PROTOCOL.md, "Deletion Vectors" and "Deletion Vector
/// Format").
extension DeltaTable {
  /// A magic number in front of each serialized bitmap.
  private static let magic: UInt32 = 1_681_511_377
  /// Positions that an engine can hold apart in one file.
  private static let rowLimit: UInt64 = 1 << 31
  private static let formatVersion: UInt8 = 1

  /// The positions of a file's deleted rows; nil where it has no deletion vector.
  public func deletedRows(of file: AddFile) throws -> RoaringBitmap? {
    guard let vector = file.deletionVector else { return nil }
    let limit = file.recordCount.map { UInt64(clamping: $0) } ?? DeltaTable.rowLimit
    do {
      return try decode(try bytes(of: vector), vector, limit: min(limit, DeltaTable.rowLimit))
    } catch let error as DeletionVectorFault {
      throw DeltaError.unreadableDeletionVector(
        file: PercentEncoding.decode(file.path), reason: error.reason, table: address)
    }
  }

  private func decode(
    _ bytes: ArraySlice<UInt8>, _ vector: DeletionVector, limit: UInt64
  ) throws(DeletionVectorFault) -> RoaringBitmap {
    guard bytes.count >= 4, bytes.prefix(4).littleEndian == DeltaTable.magic else {
      throw DeletionVectorFault("its magic number is wrong")
    }
    let bitmap: RoaringBitmap
    do { bitmap = try RoaringBitmap(portable: bytes.dropFirst(4), limit: limit) } catch {
      throw DeletionVectorFault("\(error)")
    }
    guard Int64(bitmap.count) == vector.cardinality else {
      throw DeletionVectorFault(
        "it holds \(bitmap.count) positions, the log says \(vector.cardinality)")
    }
    if let max = bitmap.max, max >= limit {
      throw DeletionVectorFault("it names row \(max) of a file with \(limit) rows")
    }
    return bitmap
  }

  /// The bytes of a deletion vector from its magic number on.
  private func bytes(of vector: DeletionVector) throws -> ArraySlice<UInt8> {
    let size = Int(vector.sizeInBytes)
    guard size >= 0 else { throw DeletionVectorFault("its size is \(size)") }
    switch vector.storageType {
    case "i":
      guard let bytes = Z85.decode(vector.pathOrInlineDv), bytes.count >= size else {
        throw DeletionVectorFault("its inline text is no Z85 of \(size) bytes")
      }
      return bytes.prefix(size)
    case "u":
      return try stored(in: store, DeltaTable.path(ofUUID: vector.pathOrInlineDv), vector, size)
    case "p":
      let place = address(ofData: PercentEncoding.decode(vector.pathOrInlineDv))
      guard place.hasPrefix("/") else {
        throw DeletionVectorFault("it lies at \(place), which cannot be read from here")
      }
      return try stored(in: LocalStore(root: "/"), String(place.dropFirst()), vector, size)
    default: throw DeletionVectorFault("its storage type is '\(vector.storageType)'")
    }
  }

  /// Reads `size` in four bytes, the vector and its CRC, numbers big-endian; the first byte of a
  /// file is the format's version.
  private func stored(
    in store: any ObjectStore, _ path: String, _ vector: DeletionVector, _ size: Int
  ) throws -> ArraySlice<UInt8> {
    let offset = Int64(vector.offset ?? 1)
    guard offset >= 1 else { throw DeletionVectorFault("its offset is \(offset)") }
    let start = offset == 1 ? 0 : offset
    var bytes = try store.read(path, range: start..<offset + Int64(size) + 8)[...]
    if offset == 1, bytes.popFirst() != DeltaTable.formatVersion {
      throw DeletionVectorFault("\(path) has an unknown format")
    }
    guard bytes.count == size + 8 else {
      throw DeletionVectorFault("\(path) ends before its vector does")
    }
    guard bytes.prefix(4).bigEndian == UInt32(size) else {
      throw DeletionVectorFault("\(path) gives another size than the log")
    }
    let data = bytes.dropFirst(4).dropLast(4)
    guard bytes.suffix(4).bigEndian == crc32(data) else {
      throw DeletionVectorFault("its checksum is wrong")
    }
    return data
  }

  /// The path of a file that is named by a UUID behind a random folder's name.
  static func path(ofUUID text: String) throws(DeletionVectorFault) -> String {
    guard text.utf8.count >= 20, let name = Z85.decode(text.suffix(20)), name.count == 16 else {
      throw DeletionVectorFault("'\(text)' names no file")
    }
    let folder = text.dropLast(20)
    return (folder.isEmpty ? "" : folder + "/") + "deletion_vector_\(uuidText(name)).bin"
  }

  /// Writes the deletion vectors of some files into one new file.
  /// - Returns: where each lies, in the order given.
  func writeDeletionVectors(_ bitmaps: [RoaringBitmap]) throws -> [DeletionVector] {
    guard !bitmaps.isEmpty else { return [] }
    let name = randomUUIDBytes()
    let encoded = Z85.encode(name)
    var content: [UInt8] = [DeltaTable.formatVersion]
    var vectors: [DeletionVector] = []
    for bitmap in bitmaps {
      var data: [UInt8] = []
      withUnsafeBytes(of: DeltaTable.magic.littleEndian) { data.append(contentsOf: $0) }
      data += bitmap.portable
      guard let size = Int32(exactly: data.count), let offset = Int32(exactly: content.count) else {
        throw DeltaError.tooManyDeletedRows(table: address)
      }
      vectors.append(
        DeletionVector(
          storageType: "u", pathOrInlineDv: encoded, offset: offset, sizeInBytes: size,
          cardinality: Int64(bitmap.count)))
      withUnsafeBytes(of: UInt32(size).bigEndian) { content.append(contentsOf: $0) }
      content += data
      withUnsafeBytes(of: crc32(data[...]).bigEndian) { content.append(contentsOf: $0) }
    }
    let path = try DeltaTable.path(ofUUID: encoded)
    guard try store.putIfAbsent(path, content) else {
      throw StorageError(.alreadyExists, .write, store.address(path))
    }
    return vectors
  }
}

/// Why a deletion vector cannot be read.
struct DeletionVectorFault: Error {
  let reason: String
  init(_ reason: String) { self.reason = reason }
}

extension ArraySlice<UInt8> {
  fileprivate var littleEndian: UInt32 { reversed().reduce(0) { $0 << 8 | UInt32($1) } }
  fileprivate var bigEndian: UInt32 { reduce(0) { $0 << 8 | UInt32($1) } }
}
