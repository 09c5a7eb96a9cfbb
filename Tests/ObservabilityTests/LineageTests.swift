import Basics
import Lakehouse
@testable import Observability
import Podium
import Runner
import RunnerTestKit
import TestKit
import Testing

@Suite("OpenLineage")
struct LineageTests {
  let lake: TestLake

  init() throws {
    lake = try TestLake()
    try lake.landPeople("a", "1,Annabella,Rome,1.00,5,put", "2,Benedict,Paris,-7.77,5,put")
  }

  /// Runs with a receiver.
  /// - Returns: the report, and why events were lost.
  private func run(
    _ variables: [String: String], _ tables: [Table] = People.tables
  ) throws -> (report: RunReport, lost: String?) {
    let runner = Runner(lake: lake.lake, graph: try Graph(tables), engine: TestLake.engine)
    let settings = try WatchSettings { variables[$0] }
    let lineage = try #require(OpenLineage(settings, runner, tool: "podium", version: "1"))
    let report = try runner.run(
      RunRequest(jobs: 1, asOf: CivilDate(year: 2025, month: 3, day: 1)), onEvent: lineage.record)
    return (report, lineage.finish(report))
  }

  private func events(_ file: String) throws -> [JSON] {
    try JSON.lines(Files.read(file)).map(\.value)
  }

  private func event(_ events: [JSON], _ job: String, _ type: String) -> JSON? {
    events.first { $0["job"]?["name"]?.string == job && $0["eventType"]?.string == type }
  }

  @Test("Run and tables each begin and end once, tables as children of the run")
  func pairs() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("events.jsonl")
    let (report, lost) = try run(["PODIUM_OPENLINEAGE_URL": "file://" + file])
    #expect(lost == nil)
    let events = try events(file)
    let seen = events.map {
      "\($0["job"]?["name"]?.string ?? "") \($0["eventType"]?.string ?? "")"
    }
    #expect(
      seen == [
        "podium.run START", "podium.bronze.people START", "podium.bronze.people COMPLETE",
        "podium.silver.people START", "podium.silver.people COMPLETE", "podium.gold.cities START",
        "podium.gold.cities COMPLETE", "podium.run COMPLETE",
      ])
    let ids = events.compactMap { $0["run"]?["runId"]?.string }
    #expect(ids.first == ids.last)
    #expect(Set(ids).count == 4)
    for event in events.dropFirst().dropLast() {
      #expect(event["run"]?["facets"]?["parent"]?["run"]?["runId"]?.string == ids.first)
    }
    for event in events {
      #expect(event["run"]?["facets"]?["podium"]?["run"]?.string == report.run)
      #expect(event["schemaURL"]?.string?.hasSuffix("#/$defs/RunEvent") == true)
    }
  }

  @Test("A table's end tells inputs, output, version, rows, rules and columns, and no row's value")
  func facets() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("events.jsonl")
    let report = try run(["PODIUM_OPENLINEAGE_URL": "file://" + file]).report
    let events = try events(file)
    let bronze = try #require(event(events, "podium.bronze.people", "COMPLETE"))
    let landing = try #require(bronze["inputs"]?.array?.first)
    #expect(landing["namespace"]?.string == "file")
    #expect(landing["name"]?.string == "\(lake.lake.root)/landing/people")
    #expect(landing["inputFacets"]?["inputStatistics"]?["fileCount"]?.int == 1)
    #expect(landing["inputFacets"]?["inputStatistics"]?["rowCount"]?.int == 2)
    let silver = try #require(event(events, "podium.silver.people", "COMPLETE"))
    #expect(silver["inputs"]?.array?.first?["name"]?.string == "\(lake.lake.root)/bronze/people")
    let output = try #require(silver["outputs"]?.array?.first)
    #expect(output["name"]?.string == "\(lake.lake.root)/silver/people")
    #expect(
      output["facets"]?["version"]?["datasetVersion"]?.string
        == report.tables[1].version.map(String.init))
    #expect(
      output["facets"]?["schema"]?["fields"]?.array?.compactMap { $0["name"]?.string }
        == People.people.columns.map(\.name))
    #expect(output["outputFacets"]?["outputStatistics"]?["rowCount"]?.int == 1)
    #expect(output["outputFacets"]?["outputStatistics"]?["size"]?.int ?? 0 > 0)
    let rule = try #require(output["facets"]?["dataQualityAssertions"]?["assertions"]?.array?.first)
    #expect(rule["name"]?.string == "balance is not negative")
    #expect(rule["success"]?.bool == false)
    #expect(rule["actual"]?.string == "1")
    let fields = output["facets"]?["columnLineage"]?["fields"]
    #expect(fields?["id"]?["inputFields"]?.array?.first?["field"]?.string == "id")
    #expect(fields?["balance"]?["inputFields"]?.array?.first?["field"]?.string == "balance")
    let transformations = fields?["id"]?["inputFields"]?.array?.first?["transformations"]?.array
    #expect(transformations?.first?["type"]?.string == "DIRECT")
    let rows = output["facets"]?["columnLineage"]?["dataset"]?.array
    #expect(rows?.isEmpty == false)
    #expect(
      rows?.allSatisfy { $0["transformations"]?.array?.first?["type"]?.string == "INDIRECT" }
        == true)
    #expect(silver["job"]?["facets"]?["sql"]?["query"]?.string?.contains("SELECT") == true)
    // Counting people tells no one column.
    let gold = try #require(event(events, "podium.gold.cities", "COMPLETE"))
    let traced = gold["outputs"]?.array?.first?["facets"]?["columnLineage"]?["fields"]
    #expect(traced?["people"] == nil)
    let text = try Files.text(file)
    for value in ["Annabella", "Benedict", "Paris", "7.77"] { #expect(!text.contains(value)) }
  }

  @Test("A failure is told with its words, for the table and for the run")
  func failure() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("events.jsonl")
    let strict = People.people([.row("balance is not negative", "balance >= 0", else: .stop)])
    _ = try run(
      ["PODIUM_OPENLINEAGE_URL": "file://" + file],
      [People.feed, strict, People.cities(of: strict)])
    let events = try events(file)
    let table = try #require(event(events, "podium.silver.people", "FAIL"))
    let message = table["run"]?["facets"]?["errorMessage"]?["message"]?.string
    #expect(message?.contains("'balance is not negative'") == true)
    let whole = try #require(event(events, "podium.run", "FAIL"))
    #expect(
      whole["run"]?["facets"]?["errorMessage"]?["message"]?.string
        == "2 tables did not commit: silver.people, gold.cities")
  }

  @Test("Events are posted where OpenLineage's own variables say, with the key")
  func posted() throws {
    let receiver = try Receiver()
    let lost = try run([
      "OPENLINEAGE_URL": receiver.url() + "/", "OPENLINEAGE_API_KEY": "secret-key",
      "OPENLINEAGE_NAMESPACE": "gym",
    ]).lost
    #expect(lost == nil)
    let posts = try receiver.wait(for: 8)
    #expect(Set(posts.map { $0["path"]?.string }) == ["/api/v1/lineage"])
    #expect(Set(posts.map { $0["headers"]?["Authorization"]?.string }) == ["Bearer secret-key"])
    let body = try JSON(parsing: try #require(posts[0]["body"]?.string))
    #expect(body["job"]?["namespace"]?.string == "gym")
  }

  @Test(
    "A receiver that is down, says no or hangs costs seconds at most, and is told once",
    arguments: [
      "/status/500", "/hang", "/cut", "nobody",
    ])
  func down(path: String) throws {
    let receiver = try Receiver()
    let url = path == "nobody" ? "http://127.0.0.1:\(closedPort)/secret" : receiver.url(path)
    let start = monotonicSeconds()
    let (report, lost) = try run(["PODIUM_OPENLINEAGE_URL": url])
    #expect(report.succeeded)
    #expect(monotonicSeconds() - start < 20)
    #expect(lost?.hasPrefix("8 OpenLineage events of 8 did not arrive: http://127.0.0.1:") == true)
    #expect(lost?.contains("secret") == false)
    #expect(receiver.received.count <= 2)
  }

  @Test("Nothing is told where nobody is named, or where it is switched off")
  func off() throws {
    #expect(try WatchSettings { _ in nil }.lineage == nil)
    let variables = ["OPENLINEAGE_URL": "http://x", "OPENLINEAGE_DISABLED": "true"]
    #expect(try WatchSettings { variables[$0] }.lineage == nil)
    #expect(throws: SettingError.self) {
      try WatchSettings { $0 == "PODIUM_OPENLINEAGE_URL" ? "secret" : nil }
    }
  }
}
