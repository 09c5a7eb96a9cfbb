import Basics
import CLITestKit
import RunnerTestKit
import TestKit
import Testing

@Suite("backfill")
struct BackfillCommandTests {
  @Test("What is asked for wrongly ends with 2 and says why, and what to type")
  func wrong() throws {
    let gym = try Gym.finished.get()
    func refused(_ words: String..., says text: String) throws {
      let outcome = try Program.run(["backfill"] + words + ["--lake", gym.path])
      #expect(outcome.status == 2, "\(words)")
      #expect(outcome.errors.contains(text), "\(words): \(outcome.errors)")
    }
    let table = "gold.churn_cohorts"
    try refused("lst", says: "there is no table 'lst'. Did you mean 'list'?")
    try refused("gold.churn_cohort", says: "Did you mean 'gold.churn_cohorts'?")
    try refused(table, says: "--from DATE")
    try refused(table, "--from", "2025-01-05", "--to", "2025-01-01", says: "later than --to")
    try refused(table, "--from", "1800-01-01", "--to", "2025-01-01", says: "36,600")
    try refused("bronze.members", "--from", "2025-01-01", says: "Backfill a table that is computed")
    try refused(
      "silver.members", "--from", "2025-01-01",
      says: "'podium run silver.members --full-refresh --lake \(gym.path)' computes it whole")
    try refused("show", "1999", says: "there is no backfill '1999'.")
    try refused("resume", "1999", says: "there is no backfill '1999'.")
    for days in [["--to", "2999-01-02"], []] {
      let outcome = try Program.run(
        ["backfill", table, "--from", "2999-01-01"] + days + ["--lake", gym.path])
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("days that have not come yet have nothing to compute"))
    }
  }

  @Test("The list fits a terminal of 80 columns with nothing left out; none is one sentence")
  func list() throws {
    let gym = try Gym.finished.get().copy()
    #expect(try gym.podium("backfill", "list").output == "There is no backfill.\n")
    #expect(try gym.podium("backfill", "list", "--json").output == "[]\n")
    for _ in 0..<2 {
      let done = try gym.podium(
        "backfill", "gold.churn_cohorts", "--from", "2025-01-01", "--to", "2025-01-02")
      #expect(done.status == 0, "\(done.errors)")
    }
    func lines(_ command: String) throws -> [String] {
      try Program.runLine(
        "NO_COLOR=1 COLUMNS=80 script -qec \"$podium \(command) --lake \(gym.path)\" /dev/null",
        in: gym.path
      ).output.split(whereSeparator: \.isNewline).map(String.init)
    }
    let list = try lines("backfill list")
    #expect(list.allSatisfy { displayWidth($0) <= 80 })
    #expect(list.contains { $0.contains("from") && $0.contains("to") && $0.contains("left") })
    let shown = list.filter { $0.contains("gold.churn") }.compactMap {
      $0.split(separator: "│").first.map { $0.filter { $0 != " " } }
    }
    #expect(Set(shown).count == 2)
    for id in shown { #expect(try gym.podium("backfill", "show", String(id)).status == 0) }
    let runs = try lines("runs")
    #expect(runs.contains { $0.contains("status") && $0.contains("tables") })
    let whole = try gym.podium("backfill", "list").output
    let ids = try gym.podium("backfill", "list", "--json").json.array?.compactMap {
      $0["id"]?.string
    }
    #expect(ids?.count == 2 && ids?.allSatisfy(whole.contains) == true)
  }
}
