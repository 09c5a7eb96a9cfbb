import Basics
import CLITestKit
import RunnerTestKit
import TestKit
import Testing

@Suite("mapping")
struct MappingCommandTests {
  private let lake: TestLake
  private let export: String

  init() throws {
    lake = try TestLake()
    try lake.land(
      "members/export.csv",
      """
      No,Action,Last Updated,Client ID,Full Name,E-Mail Address,Mobile,Town,Sex,Primary Studio,\
      Joined On,E-Mail Opt-in,Locker,Second Mail
      1,insert,2025-01-01T08:00:00Z,M1,Zelda Quist,zelda@quist.org,+1 415 555 0100,Boston,f,L01,\
      2025-01-01,true,12,z@quist.org

      """)
    export = "\(lake.path)/landing/members/export.csv"
  }

  private func podium(_ words: String...) throws -> Program.Outcome {
    try Program.run(words + ["--lake", lake.path])
  }

  private var file: String { "\(lake.path)/landing/members/_mapping.json" }

  @Test("infer shows, writes and says what is missing; edited, the mapping brings the rows in")
  func infer() throws {
    let guess = try podium("mapping", "infer", export, "--table", "bronze.members")
    #expect(guess.output.contains("│ E-Mail Address │ email "))
    #expect(guess.output.contains("│ xxxxx@xxxxx.xxx "))
    #expect(!(guess.output + guess.errors).contains("uist"))
    #expect(guess.errors.contains("'Second Mail' looks personal and goes to _rescued"))
    #expect(guess.status == 1)
    #expect(
      guess.errors.contains("no header is 'sequence', without which rows do not get into silver."))
    let text = String(decoding: try Files.read(file), as: UTF8.self)
    #expect(text.contains("\"Client ID\": \"member_id\""))
    let edited = text.replacing(
      "\"columns\": {", with: "\"columns\": {\n    \"No\": \"sequence\",\n    \"Action\": \"op\",")
    try Files.write(edited, to: file)
    #expect(try podium("mapping", "check").output == "1 mapping, no problems.\n")
    let run = try podium("run", "+silver.members", "--as-of", "2025-01-02")
    #expect(run.status == 0, "\(run.errors)")
    let rows = try podium(
      "sql", "--format", "csv",
      "SELECT member_id, city, gender, home_location_id, signup_date, email_consent "
        + "FROM silver.members")
    #expect(rows.output.split(separator: "\n").last == "M1,Boston,female,L01,2025-01-01,true")
  }

  @Test("Another mapping is not overwritten unless that is asked for, and --dry-run writes none")
  func replaced() throws {
    let infer = ["mapping", "infer", export, "--table", "bronze.members", "--lake", lake.path]
    let dry = try Program.run(infer + ["--dry-run", "--json"])
    #expect(try JSON(parsing: dry.output.split(separator: "\n")[0].description)["written"] == false)
    #expect(Files.names("\(lake.path)/landing/members") == ["export.csv"])
    try Files.write("{\"table\":\"bronze.members\",\"columns\":{}}", to: file)
    let other = try Program.run(infer)
    #expect(other.status == 2)
    #expect(other.errors.contains("_mapping.json is there and says something else."))
    #expect(try Program.run(infer + ["--replace"]).errors.contains("no header is 'sequence'"))
  }

  @Test("A misspelt table or column is told with the one that may be meant")
  func misspelt() throws {
    let table = try podium("mapping", "infer", export, "--table", "bronze.member")
    #expect(table.status == 2)
    #expect(table.errors.contains("Did you mean 'bronze.members'?"))
    try Files.write("{\"table\":\"bronze.members\",\"columns\":{\"Mail\":\"emial\"}}", to: file)
    let column = try podium("mapping", "check")
    #expect(column.status == 1)
    #expect(column.errors.contains("Did you mean 'email'?"))
  }
}
