import Basics
import Landing
import Storage
import Testing

/// One row as a test sees it.
struct Row: Hashable {
  var values: [String?]
  var rescued: String?
  var line: Int64

  init(_ values: [String?], rescued: String? = nil, line: Int64) {
    self.values = values
    self.rescued = rescued
    self.line = line
  }
}

/// A file that was read to its end.
struct Reading {
  var rows: [Row] = []
  var batches: [Int] = []
  var summary: LandingSummary

  var values: [[String?]] { rows.map(\.values) }
  var lines: [Int64] { rows.map(\.line) }
  var rescued: [String?] { rows.map(\.rescued) }
}

/// Sizes so small that every part of a reader meets the ends of its buffers.
let tiny = LandingOptions(chunkBytes: 3, windowBytes: 16, batchRows: 2)

/// Reads bytes as a file of a name, with fields that are named as their sources.
func read(
  _ bytes: [UInt8], as name: String, _ fields: [String],
  options: LandingOptions = LandingOptions()
) throws -> Reading {
  let store = MemoryStore()
  try store.put(name, bytes)
  return try read(store, name, fields.map { LandingField($0) }, options: options)
}

func read(
  _ text: String, as name: String, _ fields: [String],
  options: LandingOptions = LandingOptions()
) throws -> Reading {
  try read(Array(text.utf8), as: name, fields, options: options)
}

func read(
  _ store: any ObjectStore, _ name: String, _ fields: [LandingField],
  options: LandingOptions = LandingOptions()
) throws -> Reading {
  let reader = LandingFileReader(store: store, file: name, fields: fields, options: options)
  var rows: [Row] = []
  var batches: [Int] = []
  while let batch = try reader.next() {
    batches.append(batch.rows)
    rows += try rowsOf(batch)
  }
  let summary = try #require(reader.summary)
  #expect(try reader.next() == nil)
  return Reading(rows: rows, batches: batches, summary: summary)
}

/// The rows of a batch, all of whose columns must have the same length.
func rowsOf(_ batch: ColumnBatch, number: Int = 0) throws -> [Row] {
  let fields = batch.columns.count - 3
  try #require(batch.columns.allSatisfy { $0.rows == batch.rows })
  try #require(Array(batch.names[fields...]) == ["_rescued", "_file_number", "_line"])
  return try (0..<batch.rows).map { row in
    #expect(batch.columns[fields + 1].integer(row) == Int64(number))
    return Row(
      batch.columns[..<fields].map { $0.text(row) }, rescued: batch.columns[fields].text(row),
      line: try #require(batch.columns[fields + 2].integer(row)))
  }
}

/// Why bytes were refused as a file of a name; nil where they were read.
func refusal(
  _ bytes: [UInt8], as name: String, _ fields: [String],
  options: LandingOptions = LandingOptions()
) -> LandingError? {
  let store = MemoryStore()
  try? store.put(name, bytes)
  let reader = LandingFileReader(
    store: store, file: name, fields: fields.map { LandingField($0) }, options: options)
  do throws(LandingError) {
    while try reader.next() != nil {}
    return nil
  } catch {
    return error
  }
}

/// The reason that a text is refused for, which must not depend on the sizes of the buffers.
func reason(
  _ text: String, as name: String, _ fields: [String]
) -> LandingError.Reason? {
  reason(Array(text.utf8), as: name, fields)
}

func reason(
  _ bytes: [UInt8], as name: String, _ fields: [String]
) -> LandingError.Reason? {
  let first = refusal(bytes, as: name, fields)
  for chunk in [1, 2, 5, 17, 64] {
    let other = refusal(
      bytes, as: name, fields,
      options: LandingOptions(chunkBytes: chunk, windowBytes: 16, batchRows: 1))
    #expect(first == other, "chunks of \(chunk) bytes")
  }
  return first?.reason
}

func place(_ line: Int64, _ column: Int64) -> LandingError.Place {
  LandingError.Place(line: line, column: column)
}
