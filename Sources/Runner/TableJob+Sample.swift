import Engines
import Lakehouse
import Podium

extension TableJob {
  /// The condition that rows meet which are taken in, with what it reads defined; nil for all rows.
  func sampled() throws -> String? {
    guard let sample = context.subset?.sample,
      let condition = sample.condition(for: table, "sent")
    else { return nil }
    if case .link(let link)? = sample.part(of: table) {
      let linked = sample.declared(link)
      // Without its rows all others would be left out, and with production's none.
      guard context.lake.owns(.of(linked)), try context.state(.of(linked)) != nil else {
        throw SubsetError.linkMissing(link.table, for: table.name)
      }
      try Catalog(lake: context.lake, tables: [linked]).defineViews(
        for: "SELECT 1 FROM \(link.table)", in: session)
    }
    return condition
  }
}

extension Subset.Sample {
  /// A landing table of a link's name and column, for its view alone.
  fileprivate func declared(_ link: Subset.Link) -> Table {
    Table(
      link.table.description, about: "Rows of the sample.", landing: LandingSource(folder: "_"),
      columns: [.string(link.column, "What others call it by.")])
  }
}
