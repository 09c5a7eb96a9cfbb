import Basics

/// Splits the text of one format into records and their values.
protocol RecordScanner: AnyObject {
  /// The rows of the last scan; their slots are valid until the window moves.
  var block: RowBlock { get }
  /// For each declared field the slot of a row that holds it; nil where the file has none.
  var sources: [Int?] { get }

  /// The names of a header, in its order, once it was read; none where each record names its own.
  var names: [String] { get }

  /// Splits records from the window's start into `block`, which is emptied first.
  /// - Parameter most: rows to stop at.
  func scan(_ window: TextWindow, most: Int) throws(LandingError) -> ScanStop

  /// Copies a text and undoes its escapes, which never makes it longer; answers its bytes.
  var unescape:
    (
      _ text: UnsafePointer<UInt8>, _ count: Int, _ place: UnsafeMutablePointer<UInt8>
    ) -> Int
  { get }

  /// Adds the rescued values of the block's rows to a text column.
  func appendRescued(_ base: UnsafePointer<UInt8>, to column: ColumnBuffer)

  /// Refuses a file, after its end, that has none of the declared names.
  func checkNames(_ file: String, _ fields: [LandingField]) throws(LandingError)

  /// What was found out about the file, after its end.
  func notes(_ fields: [LandingField]) -> [LandingNote]
}

/// Why a scan came back.
enum ScanStop {
  /// The block holds as many rows as it may.
  case full
  /// The next record is not whole in the window.
  case needsMore
  /// All records were split.
  case end
}
