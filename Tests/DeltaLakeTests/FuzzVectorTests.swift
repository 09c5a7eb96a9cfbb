import Basics
import DeltaTestKit
import Storage
import TestKit
import Testing

@testable import DeltaLake

@Suite("Damaged deletion vectors")
struct FuzzVectorTests {
  /// Bitmaps of every form, small ones most of all.
  private static let bitmaps: [[UInt8]] = {
    let sets: [[UInt64]] = [
      [], [0], [1, 5, 9], [65_535, 65_536], (0..<6).map { $0 << 16 + 7 }, Array(100..<5000),
      stride(from: 0, to: 400, by: 3).map { $0 }, [7, 1 << 33, 1 << 33 + 1], [(1 << 47) - 1],
      Array(0..<300) + Array(400..<700) + [70_000, 200_000, 300_000, 400_000],
      stride(from: 0, to: 65_536, by: 2).map { $0 },
    ]
    return sets.map { RoaringBitmap($0).portable }
  }()

  /// The vectors in files of other writers, from their magic numbers on.
  private static let outside: [[UInt8]] = OutsideInputs.files(".bin", in: false).compactMap {
    file in
    guard file.count > 9 else { return nil }
    let size = file[1..<5].reduce(0) { $0 << 8 | Int($1) }
    return file.count >= size + 5 ? Array(file[5..<5 + size]) : nil
  }

  @Test("The bytes of a bitmap are read as a set, or refused")
  func roaring() {
    let inputs = Array(Self.bitmaps.dropLast()) + Self.outside.map { Array($0.dropFirst(4)) }
    #expect(
      Fuzz("bitmaps", inputs: 18_000).run(others: inputs) { mutator in
        try checkSet(mutator.damaged(mutator.pick(inputs)))
      } == [])
  }

  /// A bitmap whose parts are right in form, and at the edges of what they may say.
  private static func crafted(_ mutator: inout Mutator) -> [UInt8] {
    func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
      withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
    let edges: [UInt16] = [0, 1, 2, 63, 64, 4094, 4095, 4096, 0x7FFF, 0xFFFE, 0xFFFF]
    func edge() -> UInt16 {
      mutator.random.once(in: 3)
        ? UInt16.random(in: 0...60, using: &mutator.random) : mutator.pick(edges)
    }
    var headers: [UInt8] = []
    var bodies: [[UInt8]] = []
    let count = Int.random(in: 1...6, using: &mutator.random)
    var flags: UInt8 = 0
    let hasRuns = Bool.random(using: &mutator.random)
    for index in 0..<count {
      var positions = 0
      var body: [UInt8] = []
      if hasRuns, Bool.random(using: &mutator.random) {
        flags |= 1 << UInt8(index)
        let runs = (0..<Int.random(in: 0...4, using: &mutator.random)).map { _ in (edge(), edge()) }
          .sorted { $0.0 < $1.0 }
        body = little(UInt16(runs.count))
        for (first, more) in runs { body += little(first) + little(more) }
        positions = runs.reduce(0) { $0 + Int($1.1) + 1 }
      } else if mutator.random.once(in: 6) {
        let words = (0..<1024).map { _ in mutator.random.next() }
        body = words.flatMap(little)
        positions = words.reduce(0) { $0 + $1.nonzeroBitCount }
      } else {
        let lows = Set((0..<Int.random(in: 0...20, using: &mutator.random)).map { _ in edge() })
        body = lows.sorted().flatMap(little)
        positions = lows.count
      }
      let told =
        mutator.random.once(in: 12) ? edge() : UInt16(truncatingIfNeeded: positions &- 1)
      headers += little(mutator.random.once(in: 20) ? edge() : UInt16(index * 3)) + little(told)
      bodies.append(body)
    }
    var bucket =
      hasRuns
      ? little(UInt32(12_347) | UInt32(count - 1) << 16) + [flags]
      : little(UInt32(12_346)) + little(UInt32(count))
    bucket += headers
    if !hasRuns || count >= 4 {
      var offset = UInt32(bucket.count + 4 * count)
      for body in bodies {
        bucket += little(mutator.random.once(in: 40) ? offset &+ 2 : offset)
        offset += UInt32(body.count)
      }
    }
    bucket += bodies.flatMap { $0 }
    let key: UInt32 = mutator.random.once(in: 10) ? .max : 0
    return little(UInt64(1)) + little(key) + bucket
  }

  private func checkSet(_ bytes: [UInt8]) throws {
    let bitmap = try RoaringBitmap(portable: bytes[...])
    guard bitmap.count < 200_000 else { return }
    let again = try RoaringBitmap(portable: bitmap.portable[...])
    guard again == bitmap, bitmap.union(again) == bitmap, bitmap.subtracting(again).isEmpty,
      bitmap.max.map(bitmap.contains) ?? bitmap.isEmpty
    else { throw FuzzFailure("it is no set") }
  }

  @Test("A bitmap of odd containers is read as a set, or refused")
  func containers() {
    #expect(
      Fuzz("bitmaps of odd containers", inputs: 1500).run { mutator in
        try checkSet(Self.crafted(&mutator))
      } == [])
  }

  /// A table with one file of so many rows, of which a vector says which are deleted.
  private func deleted(
    _ store: MemoryStore, _ vector: DeletionVector, rows: Int64?
  ) throws -> RoaringBitmap? {
    let file = AddFile(
      path: "a", partitionValues: [:], size: 1, modificationTime: 0, dataChange: true,
      stats: rows.map { "{\"numRecords\":\($0)}" }, deletionVector: vector)
    return try TestTable(store).table.deletedRows(of: file)
  }

  private static let magic: [UInt8] = [0xD1, 0xD3, 0x39, 0x64]

  private func check(_ found: RoaringBitmap?, _ vector: DeletionVector, _ rows: Int64?) throws {
    guard let found else { throw FuzzFailure("the file has a vector") }
    guard Int64(found.count) == vector.cardinality,
      (found.max ?? 0) < UInt64(clamping: max(rows ?? .max, 1))
    else { throw FuzzFailure("it deletes \(found.count) rows up to \(found.max ?? 0)") }
  }

  @Test("A file of vectors is read or refused, with checksums that are right again")
  func files() throws {
    let store = MemoryStore()
    let inputs = Self.bitmaps.map { Self.magic + $0 } + Self.outside
    let name = Z85.encode(Array(0..<16))
    let path = try DeltaTable.path(ofUUID: name)
    #expect(
      Fuzz("files of vectors", inputs: 12_000).run(others: inputs) { mutator in
        let bitmap = mutator.pick(inputs)
        let data = mutator.random.once(in: 4) ? bitmap : mutator.damaged(bitmap)
        var file: [UInt8] = [1]
        withUnsafeBytes(of: UInt32(data.count).bigEndian) { file += $0 }
        file += data
        withUnsafeBytes(of: crc32(data[...]).bigEndian) { file += $0 }
        if mutator.random.once(in: 5) { file = mutator.damaged(file) }
        try store.put(path, file)
        let count = (try? RoaringBitmap(portable: data.dropFirst(4))).map { Int64($0.count) }
        let odd: [Int32] = [0, -1, .max, .min, 1, 2]
        let vector = DeletionVector(
          storageType: "u", pathOrInlineDv: name,
          offset: mutator.random.once(in: 10) ? mutator.pick(odd) : 1,
          sizeInBytes: mutator.random.once(in: 10) ? mutator.pick(odd) : Int32(data.count),
          cardinality: mutator.random.once(in: 10) ? .max : count ?? 3)
        let rows: Int64? = mutator.pick([nil, 70_000, 1 << 40, .max, .min, 0])
        try check(try deleted(store, vector, rows: rows), vector, rows)
      } == [])
  }

  @Test("A vector in the log is read or refused")
  func inline() throws {
    let store = MemoryStore()
    let inputs = Self.bitmaps.dropLast().map { Self.magic + $0 }
    #expect(
      Fuzz("vectors in the log", inputs: 12_000).run(others: inputs) { mutator in
        let data = mutator.damaged(mutator.pick(inputs))
        var text = Z85.encode(data)
        if mutator.random.once(in: 3) {
          text = String(decoding: mutator.damaged(Array(text.utf8)), as: UTF8.self)
        }
        let count = (try? RoaringBitmap(portable: data.dropFirst(4))).map { Int64($0.count) }
        let vector = DeletionVector(
          storageType: mutator.random.once(in: 20) ? "x" : "i", pathOrInlineDv: text, offset: nil,
          sizeInBytes: mutator.random.once(in: 10) ? .max : Int32(data.count),
          cardinality: count ?? 3)
        try check(try deleted(store, vector, rows: nil), vector, nil)
      } == [])
  }

  @Test("The name of a vector's file is understood or refused")
  func names() {
    let inputs = ["ab^-aqEH.-t@S}K{vb[*k^", "vBn[lx{q8@P<9BNH/isA"].map { Array($0.utf8) }
    #expect(
      Fuzz("names of vectors' files", inputs: 7000).run(others: inputs) { mutator in
        let text = String(decoding: mutator.damaged(mutator.pick(inputs)), as: UTF8.self)
        let path = try DeltaTable.path(ofUUID: text)
        guard path.hasSuffix(".bin") else { throw FuzzFailure("it names \(path)") }
      } == [])
  }
}
