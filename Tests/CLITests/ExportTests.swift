import Basics
import CLITestKit
import Glibc
import RunnerTestKit
import Storage
import TestKit
import Testing

@Suite("export")
struct ExportTests {
  private let folder: String

  init() throws { folder = try Files.makeTemporaryFolder() }

  private func export(_ words: String...) throws -> Program.Outcome {
    try Program.run(["export"] + words + ["--lake", try Gym.finished.get().path])
  }

  private func lines(_ file: String) throws -> [String] {
    String(decoding: try Files.read(file), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test("A table is one CSV file in the order of its key, equal to what sql answers")
  func csv() throws {
    defer { Files.remove(folder) }
    let file = "\(folder)/locations.csv"
    let outcome = try export("silver.locations", "--to", file, "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = try lines(file)
    #expect(lines.count == 4)
    #expect(try outcome.json["rows"]?.int == 3)
    #expect(try outcome.json["bytes"]?.int == Int64(Files.read(file).count))
    let columns = lines[0]
    let asked = try Program.run([
      "sql", "SELECT \(columns) FROM silver.locations ORDER BY location_id", "--format", "csv",
      "--lake", try Gym.finished.get().path,
    ])
    #expect(
      asked.output.split(separator: "\n").map { $0.trimmingSuffix("\r") } == lines)
  }

  @Test("Parquet holds the same rows")
  func parquet() throws {
    defer { Files.remove(folder) }
    let file = "\(folder)/members.parquet"
    #expect(try export("silver.members", "--format", "parquet", "--to", file).status == 0)
    let lake = try Gym.finished.get().path
    let difference = try Program.run([
      "sql",
      """
      SELECT count(*) AS n FROM ((SELECT member_id, city, changed_at FROM silver.members EXCEPT ALL
        SELECT member_id, city, changed_at FROM read_parquet('\(file)')) UNION ALL
        (SELECT member_id, city, changed_at FROM read_parquet('\(file)') EXCEPT ALL
        SELECT member_id, city, changed_at FROM silver.members)) AS d
      """, "--json", "--lake", lake,
    ])
    #expect(try difference.json.array?.first?["n"]?.int == 0, "\(difference.errors)")
  }

  @Test("The file's name says the format where no option does, and must not contradict one")
  func named() throws {
    defer { Files.remove(folder) }
    let file = "\(folder)/locations.parquet"
    #expect(try export("silver.locations", "--to", file).status == 0)
    #expect(try Files.read(file).prefix(4).elementsEqual("PAR1".utf8))
    let refused = try export("silver.locations", "--to", "\(folder)/a.csv", "--format", "parquet")
    #expect(refused.status == 2)
    #expect(refused.errors.contains("is named as a csv file, and --format says parquet"))
    #expect(
      try export("silver.locations", "--to", "\(folder)/a.v2", "--format", "parquet").status == 0)
    #expect(try export("silver.locations", "--to", "\(folder)/b.txt").status == 0)
    #expect(try lines("\(folder)/b.txt").count == 4)
  }

  @Test("Personal columns are left out unless asked for, and then the file is the owner's alone")
  func personal() throws {
    defer { Files.remove(folder) }
    let file = "\(folder)/pii.csv"
    let without = try export("silver.member_pii", "--to", file)
    #expect(without.status == 0)
    #expect(without.errors.contains("personal columns were left out: full_name, email, phone"))
    #expect(try lines(file)[0] == "member_id,sequence")
    let with = try export("silver.member_pii", "--to", file, "--personal", "--overwrite")
    #expect(with.status == 0)
    #expect(with.errors == "")
    #expect(try lines(file)[0] == "member_id,full_name,email,phone,sequence")
    var status = stat()
    #expect(stat(file, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
  }

  @Test("What is there stays, the lake's own files too, and nothing is left behind by a failure")
  func refusals() throws {
    defer { Files.remove(folder) }
    let file = "\(folder)/there.csv"
    try Files.write(Array("mine".utf8), to: file)
    let exists = try export("silver.locations", "--to", file)
    #expect(exists.status == 2)
    #expect(exists.errors.contains("there.csv exists and stays as it is"))
    #expect(try lines(file) == ["mine"])
    let lake = try Gym.finished.get().path
    let inside = try export("silver.locations", "--to", "\(lake)/silver/locations/x.csv")
    #expect(inside.status == 2)
    #expect(inside.errors.contains("lies among the lake's own files"))
    #expect(try export("silver.locatoins", "--to", "\(folder)/a.csv").status == 2)
    let nowhere = try export("silver.locations", "--to", "\(folder)/none/a.csv")
    #expect(nowhere.status == 1)
    #expect(nowhere.errors.contains("No such file or directory. Nothing was exported."))
    #expect(Files.names(folder) == ["there.csv"])
  }

  @Test("A table that no run has made is told")
  func notMade() throws {
    defer { Files.remove(folder) }
    let gym = try Gym.fresh.get().copy()
    let outcome = try gym.podium("export", "gold.fact_daily", "--to", "\(folder)/a.csv")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("'run gold.fact_daily' makes it"))
  }
}

extension StringProtocol {
  fileprivate func trimmingSuffix(_ end: Character) -> String {
    hasSuffix(String(end)) ? String(dropLast()) : String(self)
  }
}
