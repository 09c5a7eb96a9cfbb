import Basics
import Storage

/// Reads one landing file into batches of rows, in bounded memory whatever the file's size.
///
/// The file is refused as a whole: after an error the rows handed out before must be dropped. Calls
/// block; one thread at a time.
public final class LandingFileReader {
  /// The file's path below the store's root.
  public let file: String
  /// What the file held; nil before its end and after an error.
  public private(set) var summary: LandingSummary?
  /// The names of a CSV file's header, once the first rows were read; none in other formats, whose
  /// records name their values themselves.
  public private(set) var header: [String] = []

  private let store: any ObjectStore
  private let fields: [LandingField]
  private let options: LandingOptions
  private let builder: BatchBuilder
  private var open: (source: ByteSource, window: TextWindow, scanner: any RecordScanner)?
  private var failure: LandingError?
  private var records: Int64 = 0

  /// Prepares to read a file, whose name tells its format; nothing is read yet.
  /// - Parameter number: what the rows say of the file they are from.
  public init(
    store: any ObjectStore, file: String, number: Int = 0, fields: [LandingField],
    options: LandingOptions = LandingOptions()
  ) {
    self.store = store
    self.file = file
    self.fields = fields
    self.options = options
    builder = BatchBuilder(number: Int64(number), fields: fields)
  }

  /// The next rows, with the columns of `LandingColumns.all(for:)`; nil after the last.
  public func next() throws(LandingError) -> ColumnBatch? {
    if let failure { throw failure }
    if summary != nil { return nil }
    do {
      return try readBatch()
    } catch {
      failure = error
      open = nil
      throw error
    }
  }

  private func readBatch() throws(LandingError) -> ColumnBatch? {
    let (source, window, scanner) = try opened()
    while builder.rows < options.batchRows, builder.bytes < options.batchBytes {
      let before = window.position
      let stop = try scanner.scan(window, most: options.batchRows - builder.rows)
      builder.append(
        scanner, UnsafePointer(window.base), taken: Int(window.position - before))
      records += Int64(scanner.block.rows)
      if header.isEmpty { header = scanner.names }
      switch stop {
      case .full: continue
      case .needsMore:
        guard !window.isTooLong else {
          throw LandingError(
            file, .recordTooLong(line: window.line, limit: options.recordLimit))
        }
        try window.more()
      case .end:
        try scanner.checkNames(file, fields)
        let notes = source.content.size == 0 ? [.noBytes] : scanner.notes(fields)
        summary = LandingSummary(records: records, content: source.content, notes: notes)
        open = nil
        return builder.rows > 0 ? builder.finish() : nil
      }
    }
    return builder.finish()
  }

  private func opened() throws(LandingError) -> (ByteSource, TextWindow, any RecordScanner) {
    if let open { return open }
    let format = try LandingFormat(fileName: file)
    let source = try ByteSource(
      store: store, file: file, compression: format.compression, chunkBytes: options.chunkBytes)
    let window = TextWindow(
      file: file, source: source, bytes: options.windowBytes,
      recordLimit: options.recordLimit)
    let scanner: any RecordScanner =
      switch format.records {
      case .csv: CSVScanner(fields: fields)
      case .json, .ndjson:
        JSONScanner(fields: fields, lines: format.records == .ndjson)
      }
    open = (source, window, scanner)
    return (source, window, scanner)
  }
}
