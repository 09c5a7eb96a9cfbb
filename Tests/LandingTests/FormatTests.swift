import Landing
import Storage
import Testing

@Suite("Formats by file name")
struct FormatTests {
  @Test(
    "The end of the name tells records and compression, in any case",
    arguments: [
      ("visits.csv", LandingFormat(.csv)),
      ("2024/01/visits.CSV", LandingFormat(.csv)),
      ("a.b.json", LandingFormat(.json)),
      ("a.ndjson", LandingFormat(.ndjson)),
      ("a.jsonl", LandingFormat(.ndjson)),
      ("a.csv.gz", LandingFormat(.csv, .gzip)),
      ("a.JSON.GZ", LandingFormat(.json, .gzip)),
      ("a.ndjson.lz4", LandingFormat(.ndjson, .lz4)),
      ("a.JsonL.Lz4", LandingFormat(.ndjson, .lz4)),
    ])
  func known(name: String, format: LandingFormat) throws {
    #expect(try LandingFormat(fileName: name) == format)
  }

  @Test(
    "Another name is refused with the endings that are known",
    arguments: [
      "visits", "csv", "gz", "a.gz", "a.parquet", "a.csv.zip", "a.csv.gz.gz", "x.csv/a", "", "a.",
    ])
  func unknown(name: String) {
    #expect(throws: LandingError(name, .unknownFormat(known: LandingFormat.knownEndings))) {
      try LandingFormat(fileName: name)
    }
  }

  @Test("All twelve endings are named")
  func endings() {
    #expect(
      LandingFormat.knownEndings == [
        ".csv", ".json", ".ndjson", ".jsonl", ".csv.gz", ".json.gz", ".ndjson.gz", ".jsonl.gz",
        ".csv.lz4", ".json.lz4", ".ndjson.lz4", ".jsonl.lz4",
      ])
  }

  @Test("A reader refuses a file of unknown format when it is asked for rows")
  func reader() {
    let error = refusal([1], as: "notes.txt", ["a"])
    #expect(error == LandingError("notes.txt", .unknownFormat(known: LandingFormat.knownEndings)))
    #expect(error?.code == .unknownFormat)
  }
}
