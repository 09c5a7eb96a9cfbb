import Basics
import Landing
import Podium
import Storage

/// What the first rows of a file tell about its columns.
public struct SampleFile: Sendable {
  /// The columns in the order of the file.
  public let columns: [SampleColumn]
  /// The rows that were looked at.
  public let rows: Int

  /// Looks at the first thousand rows of a file of this machine, whose ending tells its format.
  public init(_ path: String) throws {
    let path = absolutePath(path)
    guard kindOfFile(path) == .file else { throw ScaffoldError.noSample(path) }
    try self.init(LocalStore(root: parentPath(path)), lastPathComponent(path))
  }

  /// Looks at the first thousand rows of a store's file, whose ending tells its format.
  public init(_ store: any ObjectStore, _ file: String) throws {
    do { try self.init(reading: file, in: store) } catch let error as LandingError {
      throw ScaffoldError.badSample(error.description)
    }
  }

  private init(reading file: String, in store: any ObjectStore) throws {
    let path = store.address(file)
    guard try store.info(file) != nil else { throw ScaffoldError.noSample(path) }
    let reader = LandingFileReader(
      store: store, file: file, fields: [], options: LandingOptions())
    var order: [String] = []
    var values: [String: [String?]] = [:]
    var rows = 0
    while rows < 1000, let batch = try reader.next() {
      // A column of a CSV file may have no value in any row.
      for name in reader.header where !name.isEmpty && values[name] == nil {
        order.append(name)
        values[name] = []
      }
      guard let place = batch.names.firstIndex(of: LandingColumns.rescued) else { break }
      for row in 0..<min(batch.rows, 1000 - rows) {
        // All that no field declares is rescued: here that is everything.
        let members = try batch.columns[place].text(row).map { try JSON(parsing: $0) }?.object ?? []
        for member in members {
          if values[member.name] == nil {
            order.append(member.name)
            values[member.name] = []
          }
          let told = values[member.name]?.count ?? 0
          values[member.name]? += Array(repeating: nil, count: max(0, rows + row - told))
          values[member.name]?.append(SampleFile.text(member.value))
        }
      }
      rows += min(batch.rows, 1000 - rows)
    }
    guard !order.isEmpty else { throw ScaffoldError.emptySample(path) }
    self.rows = rows
    columns = zip(order, ColumnName.plain(order)).map { source, name in
      let told = values[source] ?? []
      return SampleColumn(
        source: source, name: name,
        values: told + Array(repeating: nil, count: max(0, rows - told.count)))
    }
  }

  private static func text(_ value: JSON) -> String? {
    switch value {
    case .null: nil
    case .string(let text): text
    default: value.text
    }
  }
}
