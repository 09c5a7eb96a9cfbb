import Basics
import Lakehouse
import Podium
import Runner
import S3

extension LineageEvents {
  /// What a table reads: tables, or the folder of the landing zone.
  ///
  /// Datasets are named by the place where they lie, as OpenLineage names local files.
  func inputs(_ table: Table, _ facts: LineageFacts) -> [JSON] {
    switch table.origin {
    case .landing(let source):
      var statistics: [JSON.Member] = []
      if let outcome = facts.outcome {
        statistics = [
          .init("rowCount", .int(outcome.counts.read)),
          .init("size", .int(outcome.files?.bytes ?? 0)),
          .init("fileCount", .int(outcome.files?.taken ?? 0)),
        ]
      }
      return [
        dataset(
          lake.landing.address(source.folder), [dataSource],
          ("inputFacets", statistics.isEmpty ? [] : [inputStatistics(statistics)]))
      ]
    case .query:
      return table.upstream.map { input in
        // Rows are counted over all inputs together, so one alone can be told.
        let counts = table.upstream.count == 1 ? facts.outcome?.counts : nil
        let statistics = counts.map { [inputStatistics([.init("rowCount", .int($0.read))])] }
        return dataset(
          path(input), [dataSource, schema(input), symlinks(input)],
          ("inputFacets", statistics ?? []))
      }
    }
  }

  /// What a table writes: itself.
  func output(_ table: Table, _ facts: LineageFacts) -> JSON {
    var facets = [dataSource, schema(table), symlinks(table)]
    facets.append(
      facet(
        "documentation", "1-1-0", "DocumentationDatasetFacet",
        [
          .init("description", .string(table.about))
        ]))
    var written: [JSON.Member] = []
    if let outcome = facts.outcome {
      if let version = outcome.version {
        facets.append(
          facet(
            "version", "1-0-1", "DatasetVersionDatasetFacet",
            [
              .init("datasetVersion", .string(String(version)))
            ]))
      }
      if !table.expectations.isEmpty { facets.append(assertions(table, outcome)) }
      let counts = outcome.counts
      if case .committed = outcome.status {
        written = [
          facet(
            "outputStatistics", "1-0-2", "OutputStatisticsOutputDatasetFacet",
            [
              .init("rowCount", .int(counts.inserted &+ counts.updated)),
              .init("size", .int(facts.addedBytes)), .init("fileCount", .int(facts.addedFiles)),
            ])
        ]
      }
    }
    if let lineage = facts.lineage, !lineage.sources.isEmpty {
      facets.append(columnLineage(table, lineage))
    }
    return dataset(path(table), facets, ("outputFacets", written))
  }

  func path(_ table: Table) -> String { lake.store(.of(table)).address("") }

  private func dataset(
    _ path: String, _ facets: [JSON.Member], _ more: (name: String, facets: [JSON.Member])
  ) -> JSON {
    let (namespace, name) = LineageEvents.names(path)
    return [
      "namespace": .string(namespace), "name": .string(name), "facets": .object(facets),
      more.name: .object(more.facets),
    ]
  }

  /// What OpenLineage calls a place: a folder of this machine, or one in a bucket.
  static func names(_ path: String) -> (namespace: String, name: String) {
    let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
    guard let location = try? S3Location(trimmed) else { return ("file", trimmed) }
    return ("s3://\(location.bucket)", location.prefix)
  }

  private var uri: String {
    lake.isLocal
      ? "file://" + percentEncoded(lake.root)
      : "s3://" + percentEncoded(String(lake.root.dropFirst("s3://".count)))
  }

  private var dataSource: JSON.Member {
    facet(
      "dataSource", "1-0-1", "DatasourceDatasetFacet",
      [
        .init("name", .string(lake.root)),
        .init("uri", .string(uri)),
      ])
  }

  private func schema(_ table: Table) -> JSON.Member {
    facet(
      "schema", "1-2-0", "SchemaDatasetFacet",
      [
        .init(
          "fields",
          .array(
            table.columns.map {
              [
                "name": .string($0.name), "type": .string($0.type.sql),
                "description": .string($0.about),
              ]
            }))
      ])
  }

  private func symlinks(_ table: Table) -> JSON.Member {
    facet(
      "symlinks", "1-0-1", "SymlinksDatasetFacet",
      [
        .init(
          "identifiers",
          [["namespace": .string(namespace), "name": .string("\(table.name)"), "type": "TABLE"]])
      ])
  }

  private func inputStatistics(_ members: [JSON.Member]) -> JSON.Member {
    facet("inputStatistics", "1-0-0", "InputStatisticsInputDatasetFacet", members)
  }

  /// The rules by which the table's rows were judged.
  private func assertions(_ table: Table, _ outcome: TableOutcome) -> JSON.Member {
    facet(
      "dataQualityAssertions", "1-1-0", "DataQualityAssertionsDatasetFacet",
      [
        .init(
          "assertions",
          .array(
            table.expectations.map { rule in
              let failed = outcome.failures.first { $0.rule == rule.name }?.rows ?? 0
              return [
                "assertion": "custom_sql", "name": .string(rule.name),
                "success": .bool(failed == 0),
                "severity": rule.action == .stop ? "error" : "warn", "expected": "0",
                "actual": .string(String(failed)),
              ]
            }))
      ])
  }

  /// A path as a part of a URI.
  private func percentEncoded(_ path: String) -> String {
    var out = ""
    for byte in path.utf8 {
      let scalar = Unicode.Scalar(byte)
      if scalar.isASCII,
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
          || "/-._~".unicodeScalars.contains(scalar)
      {
        out.unicodeScalars.append(scalar)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        out += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
      }
    }
    return out
  }
}
