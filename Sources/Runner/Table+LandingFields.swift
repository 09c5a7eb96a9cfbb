import Landing
import Podium
import Storage

extension Table {
  /// The mapping of headers in the table's landing folder, held against its columns; nil where there
  /// is none.
  package func headerMapping(in landing: any ObjectStore) throws(MappingError) -> HeaderMapping? {
    guard let folder = self.landing?.folder else { return nil }
    let mapping = try HeaderMapping.read(landing, folder: folder)
    try mapping?.check(
      "landing/\(folder)/\(HeaderMapping.fileName)", table: name.description,
      columns: columns.map(\.name))
    return mapping
  }

  /// The fields of its landing files, in the order of its columns.
  /// - Parameter mapping: tells other headers than the declared ones.
  package func landingFields(_ mapping: HeaderMapping?) -> [LandingField] {
    let declared = columns.map { LandingField($0.name, source: $0.source) }
    return mapping?.fields(declared) ?? declared
  }
}
