import Basics
import Lakehouse
import Lineage
import Podium
import Runner

/// What is known of a table's run at its end.
struct LineageFacts {
  var outcome: TableOutcome?
  var addedFiles = 0
  var addedBytes: Int64 = 0
  /// Where its columns come from; nil where that is not asked.
  var lineage: TableLineage?
}

/// Events as OpenLineage 2-0-2 spells them.
struct LineageEvents: Sendable {
  /// A change of a run's state.
  enum Kind: String {
    case start = "START"
    case complete = "COMPLETE"
    case fail = "FAIL"
    case abort = "ABORT"
  }

  let tool: String
  let version: String
  let namespace: String
  let lake: Lake

  private static let schema = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"

  /// An event of the run as a whole.
  /// - Parameter failed: the tables that did not commit.
  func run(
    _ kind: Kind, _ now: Timestamp, id: String, _ start: RunStart, failed: [String]
  ) -> JSON {
    var facets = [nominalTime(start), custom(start)]
    if !failed.isEmpty {
      facets.append(
        error("\(counted(failed.count, "table")) did not commit: \(failed.joined(separator: ", "))")
      )
    }
    return event(
      kind, now, run: ["runId": .string(id), "facets": .object(facets)],
      job: job("run", [jobType("DAG")]), inputs: [], outputs: [])
  }

  /// An event of one table.
  func table(
    _ kind: Kind, _ now: Timestamp, id: String, parent: String, _ start: RunStart, _ table: Table,
    _ facts: LineageFacts
  ) -> JSON {
    var facets = [nominalTime(start), custom(start), self.parent(parent)]
    if case .failed(let failure)? = facts.outcome?.status {
      facets.append(error("\(failure)"))
    }
    var about = [
      jobType("TABLE"),
      facet(
        "documentation", "1-1-0", "DocumentationJobFacet",
        [
          .init("description", .string(table.about))
        ]),
    ]
    if let query = table.query {
      about.append(
        facet(
          "sql", "1-1-0", "SQLJobFacet",
          [
            .init("query", .string(query.text(asOf: start.request.asOf.description)))
          ]))
    }
    return event(
      kind, now, run: ["runId": .string(id), "facets": .object(facets)],
      job: job(table.name.description, about), inputs: inputs(table, facts),
      outputs: [output(table, facts)])
  }

  private func event(
    _ kind: Kind, _ now: Timestamp, run: JSON, job: JSON, inputs: [JSON], outputs: [JSON]
  ) -> JSON {
    [
      "eventType": .string(kind.rawValue), "eventTime": .string(now.text(decimals: 6)),
      "run": run, "job": job, "inputs": .array(inputs), "outputs": .array(outputs),
      "producer": .string(producer), "schemaURL": .string(LineageEvents.schema),
    ]
  }

  /// Who tells, as a URI.
  private var producer: String { "urn:podium:\(tool):\(version)" }

  /// A facet by its name, the version of its schema, the schema's name and its members.
  func facet(
    _ name: String, _ version: String, _ schema: String, _ members: [JSON.Member]
  ) -> JSON.Member {
    let url = "https://openlineage.io/spec/facets/\(version)/\(schema).json#/$defs/\(schema)"
    return JSON.Member(
      name,
      .object(
        [.init("_producer", .string(producer)), .init("_schemaURL", .string(url))] + members))
  }

  private func job(_ name: String, _ facets: [JSON.Member]) -> JSON {
    [
      "namespace": .string(namespace), "name": .string("\(tool).\(name)"),
      "facets": .object(facets),
    ]
  }

  private func jobType(_ type: String) -> JSON.Member {
    facet(
      "jobType", "2-0-4", "JobTypeJobFacet",
      [
        .init("processingType", "BATCH"), .init("integration", "PODIUM"),
        .init("jobType", .string(type)),
      ])
  }

  private func parent(_ id: String) -> JSON.Member {
    facet(
      "parent", "1-2-0", "ParentRunFacet",
      [
        .init("run", ["runId": .string(id)]),
        .init("job", ["namespace": .string(namespace), "name": .string("\(tool).run")]),
      ])
  }

  private func nominalTime(_ start: RunStart) -> JSON.Member {
    facet(
      "nominalTime", "1-0-1", "NominalTimeRunFacet",
      [
        .init("nominalStartTime", .string("\(start.request.asOf)T00:00:00Z"))
      ])
  }

  /// Podium's own id of the run, by which its log and its record are found.
  private func custom(_ start: RunStart) -> JSON.Member {
    JSON.Member(
      "podium",
      [
        "_producer": .string(producer),
        "_schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunFacet",
        "run": .string(start.run), "fullRefresh": .bool(start.request.fullRefresh),
      ])
  }

  private func error(_ message: String) -> JSON.Member {
    facet(
      "errorMessage", "1-0-1", "ErrorMessageRunFacet",
      [
        .init("message", .string(message)), .init("programmingLanguage", "SWIFT"),
      ])
  }
}
