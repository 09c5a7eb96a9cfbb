import Engines
import Lakehouse
import Podium

extension TableJob {
  /// The condition that rows meet which are taken in, as `sent`; nil for all rows.
  func sampled() throws -> String? {
    guard let sample = context.subset?.sample, let part = sample.part(of: table) else { return nil }
    switch part {
    case .key(let key): return sample.condition(table, key: key, "sent")
    case .link(let link):
      let linked = Subset.Sample.declared(link)
      // Without its rows all others would be left out, and with production's none.
      guard context.lake.owns(.of(linked)), let state = try snapshot(linked) else {
        throw SubsetError.linkMissing(link.table, for: table.name)
      }
      // A view would be seen by the sessions of other tables.
      let rows = try DuckDBParquet(session).scan(delta(of: linked).scan(state)).name
      return "sent.\(sqlName(link.called)) IN (SELECT \(sqlName(link.column)) FROM \(rows))"
    }
  }
}

extension Subset.Sample {
  /// A landing table of a link's name, for its place alone.
  fileprivate static func declared(_ link: Subset.Link) -> Table {
    Table(
      link.table.description, about: "Rows of the sample.", landing: LandingSource(folder: "_"),
      columns: [.string(link.column, "What others call it by.")])
  }
}
