import Basics
import CLITestKit
import Glibc
import RunnerTestKit
import Storage
import TestKit
import Testing

@Suite("table create, append, overwrite, update, delete, merge, alter and upkeep")
struct TableWriteTests {
  private let folder: TemporaryFolder
  private var visits: String { folder.path + "/visits" }

  init() throws { folder = try TemporaryFolder() }

  private func table(_ words: String...) throws -> Program.Outcome {
    try Program.run(["table", words[0], visits] + words.dropFirst())
  }

  /// What the program said when it did as it was told.
  private func done(
    _ words: String..., sourceLocation place: SourceLocation = #_sourceLocation
  ) throws -> String {
    let outcome = try Program.run(["table", words[0], visits] + words.dropFirst())
    #expect(outcome.status == 0 && outcome.errors == "", "\(outcome)", sourceLocation: place)
    return outcome.output
  }

  /// What it said when it refused, without the table's place.
  private func refused(
    _ status: Int32, _ words: String..., sourceLocation place: SourceLocation = #_sourceLocation
  ) throws -> String {
    let outcome = try Program.run(["table", words[0], visits] + words.dropFirst())
    #expect(outcome.status == status && outcome.output == "", "\(outcome)", sourceLocation: place)
    return outcome.errors.replacing(visits, with: "PLACE")
  }

  private func cat(_ options: String...) throws -> [String] {
    let outcome = try Program.run(["table", "cat", visits, "--format", "csv"] + options)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return outcome.output.split(separator: "\n").dropFirst().map(String.init).sorted()
  }

  /// Six rows in two partitions.
  private func create(_ options: String...) throws {
    let words = [
      "table", "create", visits, "--query",
      "SELECT i AS id, 'c' || i % 2 AS club, DATE '2025-01-01' + CAST(i AS INTEGER) AS day "
        + "FROM range(6) AS r(i)",
      "--partition-by", "club",
    ]
    let outcome = try Program.run(words + options)
    #expect(outcome.output == "6 rows in 2 files, version 0\n", "\(outcome)")
  }

  @Test("Rows are added, replaced, changed, removed and merged, and every version can be read")
  func rows() throws {
    try create("--set", "delta.enableDeletionVectors=true")
    #expect(
      try done("append", "--query", "SELECT 6 AS id, 'c0' AS CLUB") == "1 row added, version 1\n")
    #expect(
      try done("update", "--set", "day = day + 1", "--where", "id IN (0, 1)")
        == "2 rows updated, version 2\n")
    #expect(try done("delete", "--where", "id = 2") == "1 row deleted, version 3\n")
    #expect(
      try done(
        "overwrite", "--where", "id = 3", "--query", "SELECT 3 AS id, 'c1' AS club")
        == "1 row written, version 4\n")
    #expect(
      try done(
        "merge", "--on", "id", "--query", "SELECT unnest([4, 5, 9]) AS id, 'c9' AS club",
        "--delete-when", "source.id = 4", "--delete-unmatched-when", "target.id = 6")
        == "4 rows inserted, updated or deleted, version 5\n")
    #expect(
      try cat() == ["0,c0,2025-01-02", "1,c1,2025-01-03", "3,c1,", "5,c9,2025-01-06", "9,c9,"])
    #expect(try cat("--version", "0").count == 6)
    #expect(try cat("--version", "3").contains("2,c0,2025-01-03") == false)
    #expect(
      try done("overwrite", "--partitions", "--query", "SELECT 7 AS id, 'c9' AS club")
        == "1 row written, version 6\n")
    #expect(try cat() == ["0,c0,2025-01-02", "1,c1,2025-01-03", "3,c1,", "7,c9,"])
    #expect(
      try done("overwrite", "--query", "SELECT 1 AS id") == "1 row written, version 7\n")
    #expect(try done("delete", "--all") == "1 row deleted, version 8\n")
    #expect(try cat() == [])
    let history = try table("history", "--json").json.array ?? []
    #expect(history.compactMap { $0["version"]?.int } == (0...8).reversed().map(Int64.init))
    // A file of which a row was marked as deleted was not written again.
    let metrics = history.last { $0["operation"]?.string == "DELETE" }?["operationMetrics"]
    #expect(metrics?["numDeletedRows"] == "1")
    #expect(metrics?["numAddedFiles"] == "0")
    #expect(metrics?["numDeletionVectorsUpdated"] == "1")
  }

  @Test("The changes of versions come in every format, with what happened to each row")
  func changes() throws {
    try create("--set", "delta.enableChangeDataFeed=true")
    _ = try done("update", "--set", "day = NULL", "--where", "id = 1")
    let csv = try done("changes", "1", "1", "--format", "csv").split(separator: "\n")
    #expect(csv.first == "id,club,day,_change_type,_commit_version,_commit_timestamp")
    #expect(
      csv.dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false)[2...4] }
        .map { $0.joined(separator: ",") }.sorted() == [
          ",update_postimage,1", "2025-01-02,update_preimage,1",
        ])
    #expect(try table("changes", "0", "1", "--json").json.array?.count == 8)
    #expect(try done("changes", "0", "1", "--format", "ndjson").split(separator: "\n").count == 8)
    #expect(try refused(2, "changes", "0", "9") == "error: PLACE has no version 9; it has 0 to 1\n")
    #expect(try refused(2, "changes", "0").hasPrefix("error: TO is missing"))
  }

  @Test("Files that a condition leaves out are not read, and --verbose says how many")
  func pruning() throws {
    try create()
    let outcome = try table("cat", "--where", "club = 'c1' AND id < 4", "--verbose", "--json")
    #expect(try outcome.json.array?.compactMap { $0["id"]?.int }.sorted() == [1, 3])
    let line = outcome.errors.split(separator: "\n").first { $0.hasPrefix("read: ") }
    #expect(
      line?.wholeMatch(of: /read: \/.*\/visits, 1 of 2 files, \d+ bytes of \d+ bytes/) != nil,
      "\(outcome.errors)")
    #expect(
      try refused(1, "cat", "--where", "clup = 'c1'").hasPrefix(
        "error: PLACE: 'clup = 'c1'' cannot be used: Binder Error: "
          + "Referenced column \"clup\" not found in FROM clause!\nCandidate bindings: \"club\""))
  }

  @Test("An older state is read by its time, and a time before all or none at all is told")
  func timeTravel() throws {
    try create()
    let text = try #require(
      try table("history", "--json").json.array?.first?["timestamp"]?.string)
    let first = try #require(Timestamp(iso8601: text))
    _ = try done("delete", "--all")
    func at(_ time: Timestamp) -> String { time.text(decimals: 3) }
    #expect(try cat("--timestamp", at(first)).count == 6)
    #expect(try cat("--timestamp", "2999-01-01") == [])
    #expect(
      try refused(1, "cat", "--timestamp", "2020-01-01").hasPrefix(
        "error: PLACE: its oldest version, 0, is younger than 2020-01-01"))
    #expect(
      try refused(2, "cat", "--timestamp", "noon")
        == "error: 'noon' is no time: write 2025-03-01 or 2025-03-01T12:00:00Z.\n")
    #expect(
      try refused(2, "cat", "--timestamp", "2025-01-01", "--version", "1").hasPrefix(
        "error: '--version' and '--timestamp' exclude each other.\n"))
    #expect(
      try done("restore", "--timestamp", at(first)) == "version 2 is version 0 again\n")
    #expect(try cat().count == 6)
  }

  @Test("Columns, properties and constraints are changed, and the table's files are not")
  func alter() throws {
    try create()
    let files = try done("files")
    #expect(try done("alter", "--add-column", "note:string") == "version 1\n")
    #expect(
      try done("alter", "--rename-column", "note=remark", "--add-constraint", "some=id >= 0")
        .hasSuffix("version 3\n"))
    #expect(try done("alter", "--set", "delta.checkpointInterval=4", "--set", "x.y=z") != "")
    #expect(try done("files") == files)
    let detail = try table("detail", "--json").json
    #expect(
      detail["schema"]?["fields"]?.array?.compactMap { $0["name"]?.string } == [
        "id", "club", "day", "remark",
      ])
    #expect(detail["properties"]?["delta.checkpointInterval"] == "4")
    #expect(detail["properties"]?["x.y"] == "z")
    #expect(detail["properties"]?["delta.constraints.some"] == "id >= 0")
    #expect(detail["properties"]?["delta.columnMapping.mode"] == "name")
    #expect(
      detail["tableFeatures"]?.array?.contains("columnMapping") == true, "\(detail.text)")
    #expect(detail["numRecords"]?.int == 6)
    #expect(
      try refused(1, "append", "--query", "SELECT -1 AS id")
        == "error: PLACE: 1 row that breaks 'some'; nothing was changed\n")
    #expect(try done("alter", "--drop-constraint", "some", "--unset", "x.y") != "")
    #expect(
      try done("append", "--query", "SELECT -1 AS id, 'c0' AS club, 'hm' AS remark")
        .hasPrefix("1 row added"))
    #expect(try cat().contains("-1,c0,,hm"))
    #expect(try done("alter", "--drop-column", "remark") != "")
    #expect(try cat().contains("-1,c0,"))
  }

  @Test("What cannot be altered is told, with the names there are")
  func badAlter() throws {
    try create()
    #expect(
      try refused(1, "alter", "--set", "delta.enableDeletionVector=true")
        == "error: PLACE: 'delta.enableDeletionVector' is no property that Podium keeps; nothing was "
        + "changed. Did you mean 'delta.enableDeletionVectors'?\n")
    #expect(
      try refused(1, "alter", "--set", "delta.enableDeletionVectors=yes")
        == "error: PLACE: delta.enableDeletionVectors cannot be 'yes', but true or false; nothing was "
        + "changed\n")
    #expect(
      try refused(1, "alter", "--set", "delta.logRetentionDuration=7d").contains(
        "a time such as 'interval 7 days'"))
    #expect(
      try refused(1, "alter", "--add-constraint", "c=idd > 1").hasPrefix(
        "error: PLACE: its constraint 'c' cannot be checked, so nothing was written: Binder Error: "
          + "Referenced column \"idd\""))
    #expect(
      try refused(1, "alter", "--add-constraint", "c=id > 1")
        == "error: PLACE: 2 rows that break 'c'; nothing was changed\n")
    #expect(
      try refused(1, "alter", "--rename-column", "clubb=x").contains("Did you mean 'club'?"))
    #expect(try refused(2, "alter", "--add-column", "x:txt").contains("'txt' is no type"))
    #expect(try refused(2, "alter").hasPrefix("error: Say what to change"))
    #expect(try done("history").contains("│       0 │"))
    #expect(try table("history", "--json").json.array?.count == 1)
  }

  @Test("Small files become few, what no version needs goes, and an older version comes back")
  func upkeep() throws {
    try create()
    for id in 10...13 { _ = try done("append", "--query", "SELECT \(id) AS id, 'c0' AS club") }
    #expect(try done("optimize") == "5 files became 1, version 5\n")
    #expect(try done("optimize").hasPrefix("nothing to do: its files are as they should be"))
    #expect(try done("optimize", "--zorder-by", "day,id").hasPrefix("2 files became 2, version 6"))
    #expect(
      try refused(1, "optimize", "--zorder-by", "club").contains("it is a partition column"))
    #expect(
      try refused(1, "optimize", "--zorder-by", "dya").hasSuffix("Did you mean 'day'?\n"))
    #expect(try done("vacuum") == "nothing to remove\n")
    #expect(
      try refused(1, "vacuum", "--retention", "0s").contains("is refused. Nothing was removed"))
    let dry = try done("vacuum", "--retention", "0s", "--force")
    #expect(dry.contains("would be removed") || dry.contains("--delete"), "\(dry)")
    #expect(try cat("--version", "3").count == 9)
    #expect(try done("vacuum", "--retention", "0s", "--force", "--delete").contains("removed"))
    #expect(try cat().count == 10)
    #expect(
      try refused(1, "restore", "--version", "3").contains(
        "which is no longer there; a VACUUM may have removed it. Nothing was changed."))
    #expect(try refused(2, "restore").hasPrefix("error: "))
  }

  @Test("A folder of Parquet files becomes a table, and takes in files that come later")
  func convertAndRepair() throws {
    try create()
    Files.remove(visits + "/_delta_log")
    #expect(try refused(2, "cat").contains("is not a Delta table"))
    #expect(try done("convert").contains("6 rows"))
    #expect(try cat().count == 6)
    let file = try #require(try done("files").split(separator: "\n").first)
    try Files.copy("\(visits)/\(file.prefix { $0 != "/" })", to: visits + "/club=c7")
    #expect(try done("repair").contains("1 file"))
    #expect(try cat().filter { $0.contains("c7") }.count == 3)
    #expect(try done("repair") == "no file that the table does not know\n")
    #expect(try refused(1, "convert") == "error: PLACE is a Delta table already\n")
  }

  @Test("Words that are missing or wrong are told before anything is touched")
  func usage() throws {
    try create()
    for command in ["append", "overwrite"] {
      #expect(try refused(2, command).hasPrefix("error: Say which rows: --query \"SELECT …\"."))
    }
    #expect(
      try refused(2, "delete").hasPrefix("error: Say which rows: --where CONDITION, or --all."))
    #expect(try refused(2, "update").hasPrefix("error: Say what to set: --set COLUMN=EXPRESSION."))
    #expect(try refused(2, "update", "--set", "day").hasPrefix("error: 'day' sets nothing"))
    #expect(
      try refused(2, "merge", "--query", "SELECT 1 AS id").hasPrefix(
        "error: Say by which columns rows match: --on COLUMNS."))
    for words in [
      ["merge", "--on", "idd", "--query", "SELECT 1 AS id"],
      ["append", "--query", "SELECT 1 AS idd"], ["update", "--set", "idd = 1"],
    ] {
      let outcome = try Program.run(["table", words[0], visits] + words.dropFirst())
      #expect(outcome.status == 1)
      #expect(outcome.errors.hasSuffix("has no column 'idd'. Did you mean 'id'?\n"))
    }
    let twice = "SELECT 1 AS id, unnest(['c0', 'c1']) AS club"
    #expect(
      try refused(1, "merge", "--on", "id", "--query", twice).contains(
        "1 row matched by more than one source row; nothing was changed"))
    #expect(
      try refused(
        1, "merge", "--on", "id", "--query", "SELECT 1 AS id", "--insert-when", "target.id = 1"
      )
      .contains("'target.id = 1' cannot be used, so nothing was changed"))
    #expect(
      try refused(1, "create", "--query", "SELECT 1 AS id")
        == "error: PLACE is a Delta table already\n")
    #expect(try table("history", "--json").json.array?.count == 1)
  }

  @Test(
    "A text that is more than one expression is refused, whoever wrote it",
    arguments: [
      "true); COPY (SELECT 42) TO 'evil.csv'; SELECT (true", "true) OR (true", "true; SELECT 1",
      "id, id", "1 FROM range(3)", "true AS x", "", "true /*", "true ORDER BY 1",
    ])
  func oneExpression(_ text: String) throws {
    try create()
    for words in [
      ["cat", "--where", text], ["delete", "--where", text],
      ["update", "--set", "id=\(text)"], ["update", "--set", "id=1", "--where", text],
      ["overwrite", "--where", text, "--query", "SELECT 1 AS id"],
      ["merge", "--on", "id", "--query", "SELECT 1 AS id", "--insert-when", text],
      ["merge", "--on", "id", "--query", "SELECT 1 AS id", "--update-when", text],
      ["merge", "--on", "id", "--query", "SELECT 1 AS id", "--delete-unmatched-when", text],
      ["alter", "--add-constraint", "c=\(text)"],
    ] {
      let outcome = try Program.run(
        ["table", words[0], visits] + words.dropFirst(), in: folder.path)
      #expect(outcome.status != 0 && outcome.output == "", "\(words): \(outcome)")
    }
    #expect(Files.names(folder.path) == ["visits"])
    #expect(try table("history", "--json").json.array?.count == 1)
    // The log of a table may be anybody's.
    let commit = visits + "/_delta_log/00000000000000000000.json"
    let stored = JSON.string(text).text
    let log = try Files.text(commit).replacing(
      #""configuration":{}"#, with: #""configuration":{"delta.constraints.c":\#(stored)}"#)
    try Files.write(log, to: commit)
    Files.remove(visits + "/_delta_log/00000000000000000000.crc")
    let outcome = try table("append", "--query", "SELECT 1 AS id")
    #expect(outcome.errors.contains("its constraint 'c' cannot be checked"), "\(outcome)")
    #expect(Files.names(folder.path) == ["visits"])
  }

  @Test("A query is one SELECT, with or without a comment and a semicolon behind it")
  func oneSelect() throws {
    try create()
    for text in ["SELECT 6 AS id;", "SELECT 6 AS id -- six", "SELECT 6 AS id; -- six"] {
      #expect(try done("append", "--query", text).hasPrefix("1 row added"))
    }
    #expect(try done("delete", "--where", "id = 6 -- six").hasPrefix("3 rows deleted"))
    for text in [
      "COPY (SELECT 1) TO 'evil.csv'; SELECT 1 AS id", "INSTALL httpfs", "CREATE TABLE x (i INT)",
      "ATTACH 'evil.db' AS e; SELECT 1 AS id",
    ] {
      for command in ["append", "overwrite"] {
        let outcome = try Program.run(
          ["table", command, visits, "--query", text], in: folder.path)
        #expect(outcome.errors == "error: '--query' takes one SELECT.\n", "\(text)")
      }
    }
    #expect(Files.names(folder.path) == ["visits"])
    #expect(
      try refused(2, "append", "--query", "SELECT 1 AS id, 2 AS ID").contains(
        "two columns called 'ID'"))
    #expect(
      try refused(2, "append", "--query", "SELECT idd FROM range(2) AS r(i)").contains("LINE 1"))
  }

  @Test("A merge takes over the columns that the query has")
  func partialMerge() throws {
    try create()
    _ = try done("merge", "--on", "id", "--query", "SELECT unnest([0, 9]) AS id, 'c7' AS club")
    #expect(try cat().filter { $0.contains("c7") } == ["0,c7,2025-01-01", "9,c7,"])
    #expect(
      try refused(2, "merge", "--on", "id", "--query", "SELECT 'c7' AS club")
        == "error: the query has no column 'id', by which rows are to match.\n")
    // An empty text in a partition column is NULL, as a key too.
    for day in 1...2 {
      _ = try done(
        "merge", "--on", "id,club", "--query",
        "SELECT 20 AS id, '' AS club, DATE '2025-02-0\(day)' AS day")
    }
    #expect(try cat("--where", "id = 20") == ["20,,2025-02-02"])
  }

  @Test("Names that scans need, double partitions and columns of constraints are refused")
  func badColumns() throws {
    for (query, partitions) in [
      ("SELECT 1 AS __file", ""), ("SELECT 1 AS a, 2 AS _change_type", ""), ("SELECT 1 AS a", "a"),
      ("SELECT 1 AS a, 2 AS b", "a,a"),
    ] {
      let words = ["table", "create", visits, "--query", query]
      let outcome = try Program.run(
        words + (partitions.isEmpty ? [] : ["--partition-by", partitions]))
      #expect(outcome.status == 1 && !outcome.errors.contains("Stack"), "\(outcome)")
    }
    #expect(Files.names(folder.path) == [])
    try create("--set", "delta.columnMapping.mode=name")
    _ = try done("alter", "--add-constraint", "some=day > DATE '2000-01-01' OR day IS NULL")
    for change in [["--drop-column", "day"], ["--rename-column", "day=date"]] {
      let outcome = try Program.run(["table", "alter", visits] + change)
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("its constraint 'some' (day > DATE"), "\(outcome)")
    }
    #expect(try refused(1, "alter", "--rename-column", "id=__row").contains("cannot be called"))
    #expect(try refused(2, "update", "--set", "id=1", "--set", "ID=2").contains("is set twice"))
    let place = try Program.run(["table", "create", "s3://b/x", "--query", "SELECT 1 AS a"])
    #expect(place.status == 2 && place.errors.contains("'b' is no name of a bucket"))
  }

  @Test("What links in a table's folder lead to is not the table's")
  func links() throws {
    try create()
    let other = folder.path + "/other"
    try Files.copy(visits + "/club=c0", to: other)
    #expect(symlink(other, visits + "/club=c9") == 0)
    #expect(try done("repair") == "no file that the table does not know\n")
    #expect(
      try done("vacuum", "--retention", "0s", "--force", "--delete") == "nothing to remove\n")
    #expect(Files.names(other).count == 1)
  }

  @Test("An error tells a damaged file, and no value of a partition's name")
  func damaged() throws {
    try create()
    let file = try #require(try done("files").split(separator: "\n").first.map(String.init))
    try Files.write("garbage", to: "\(visits)/\(file)")
    let outcome = try table("cat")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains(".parquet"), "\(outcome.errors)")
    #expect(outcome.errors.contains("club=…"), "\(outcome.errors)")
    #expect(!outcome.errors.contains("read_parquet"), "\(outcome.errors)")
  }

  @Test("A value that does not fit is not shown, since it may be somebody's")
  func personal() throws {
    try create()
    for words in [
      ["append", "--query", "SELECT 'Ann' || 'Example' AS id"],
      ["merge", "--on", "id", "--query", "SELECT 'Ann' || 'Example' AS id"],
      ["alter", "--add-constraint", "c=CAST('Ann' || 'Example' || id AS INTEGER) > 0"],
    ] {
      let outcome = try Program.run(["table", words[0], visits] + words.dropFirst())
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("could not be converted"), "\(outcome.errors)")
      #expect(!outcome.errors.contains("AnnExample"), "\(outcome.errors)")
    }
  }

  @Test("The tables of a lake have the rows that runs give them, and are kept up all the same")
  func declared() throws {
    let gym = try Gym.finished.get().copy()
    for words in [
      ["append", "--query", "SELECT 1"], ["delete", "--all"], ["update", "--set", "x=1"],
      ["merge", "--on", "x", "--query", "SELECT 1"], ["overwrite", "--query", "SELECT 1"],
    ] {
      let outcome = try Program.run(
        ["table", words[0], "silver.members"] + words.dropFirst() + ["--lake", gym.path])
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("silver.members"), "\(outcome.errors)")
    }
    #expect(try gym.podium("table", "optimize", "silver.members").status == 0)
    #expect(try gym.podium("table", "vacuum", "silver.members").status == 0)
    let detail = try gym.podium("table", "detail", "silver.members", "--json").json
    #expect(detail["properties"]?["delta.autoOptimize.autoCompact"] == "true")
    #expect(detail["properties"]?["delta.enableDeletionVectors"] == "true")
    #expect(try gym.run().status == 0)
  }
}
