import Basics
import Engines
import Glibc
import Lakehouse
import Podium
import Rendering
import Storage

/// The form of a file to which a table is exported.
public enum ExportFormat: String, CaseIterable, Hashable, Sendable {
  /// RFC 4180 with a header; NULL is an empty field, an empty text is `""`.
  case csv
  /// One file, compressed with Zstandard.
  case parquet
}

/// What was exported.
public struct Export: Hashable, Sendable {
  public let path: String
  public let rows: Int64
  public let bytes: Int64
  /// Personal columns that were left out.
  public let leftOut: [String]
}

/// Why nothing was exported.
public enum ExportError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No run has made the table.
  case notMade(String)
  case exists(String)
  /// The target is a part of the lake itself.
  case insideLake(lake: String, target: String)
  /// All of its columns are personal.
  case onlyPersonal(String)
  case unwritable(String, reason: String)

  public var description: String {
    switch self {
    case .notMade(let name): "\(name) has not been made yet: 'run \(name)' makes it."
    case .exists(let path):
      "\(path) exists and stays as it is. --overwrite replaces it; --to names another file."
    case .insideLake(let lake, let target):
      "\(target) lies among the lake's own files in \(lake). Name a file outside with --to."
    case .onlyPersonal(let name):
      "every column of \(name) is personal: --personal exports them, readable to you alone."
    case .unwritable(let path, let reason):
      "\(path) cannot be written: \(reason). Nothing was exported."
    }
  }
}

/// Writes a table's rows to one file, in the order of its key.
///
/// The file is written under another name and then renamed, so a reader has the whole or nothing.
public struct TableExporter {
  private let catalog: Catalog
  private let session: EngineSession

  public init(catalog: Catalog, session: EngineSession) {
    self.catalog = catalog
    self.session = session
  }

  /// Exports a table.
  /// - Parameters:
  ///   - personal: true to take personal columns along; the file is then its owner's alone.
  ///   - overwrite: true to replace a file that is there.
  public func export(
    _ entry: Catalog.Entry, as format: ExportFormat, to path: String, personal: Bool,
    overwrite: Bool
  ) throws -> Export {
    let place = try catalog.lake.place(ofFile: path)
    let target = place.address
    try check(place, overwrite)
    let name = entry.location.name
    let scans = try catalog.defineViews(for: "SELECT * FROM \(name)", in: session).scans
    guard !scans.isEmpty else { throw ExportError.notMade(name) }
    let fields = entry.table?.declaredSchema.fields ?? entry.schema.fields
    let leftOut = personal ? [] : fields.filter(\.isPersonal).map(\.name)
    let columns = fields.map(\.name).filter { !leftOut.contains($0) }
    guard !columns.isEmpty else { throw ExportError.onlyPersonal(name) }
    let places = (entry.table?.key ?? []).map { "\(sqlName($0)) NULLS FIRST" }
    let order = places.isEmpty ? "" : " ORDER BY \(places.joined(separator: ", "))"
    let query = "SELECT \(sqlNames(columns)) FROM \(name)\(order)"
    guard place.isLocal else {
      let rows = try place.put { try write(query, as: format, to: $0, target) }
      let bytes = try place.store.info(place.name)?.size ?? 0
      return Export(path: target, rows: rows, bytes: bytes, leftOut: leftOut)
    }
    let staged = "\(parentPath(target))/.export-\(uniqueName())"
    defer { unlink(staged) }
    let rows = try write(query, as: format, to: staged, target)
    let isPrivate = personal && fields.contains(where: \.isPersonal)
    if !isPrivate { chmod(staged, 0o644) }
    let bytes = try LocalStore(root: parentPath(target)).info(lastPathComponent(staged))?.size ?? 0
    guard rename(staged, target) == 0 else { throw unwritable(target) }
    return Export(path: target, rows: rows, bytes: bytes, leftOut: leftOut)
  }

  /// Writes rows to a new file, readable to its owner alone.
  private func write(
    _ query: String, as format: ExportFormat, to path: String, _ target: String
  ) throws -> Int64 {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw unwritable(target) }
    defer { close(descriptor) }
    switch format {
    case .csv: return try writeCSV(query, descriptor, target)
    case .parquet:
      return try session.count(
        """
        COPY (\(query)) TO \(sqlLiteral(path)) \
        (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)
        """)
    }
  }

  private func check(_ place: FilePlace, _ overwrite: Bool) throws {
    let target = place.address
    if let folder = catalog.lake.folder(ofTarget: target), !folder.hasPrefix("published/") {
      throw ExportError.insideLake(lake: catalog.lake.root, target: target)
    }
    if place.isLocal, kindOfFile(target) == .folder {
      throw StorageError(.isAFolder, .write, target)
    }
    if !overwrite, try place.store.info(place.name) != nil { throw ExportError.exists(target) }
  }

  private func writeCSV(_ query: String, _ descriptor: Int32, _ target: String) throws -> Int64 {
    let result = try session.connection.query(query)
    let stream = OutputStream(descriptor: descriptor, name: target)
    let printer = ResultPrinter(result.fields.map(ResultColumn.init), as: .csv, to: stream)
    var rows: Int64 = 0
    while let batch = try result.next() {
      for row in 0..<batch.rows { try printer.write(batch.columns.map { $0.value(row) }) }
      rows += Int64(batch.rows)
    }
    try printer.finish()
    try stream.flush()
    return rows
  }

  private func unwritable(_ target: String) -> ExportError {
    .unwritable(target, reason: String(cString: strerror(errno)))
  }
}
