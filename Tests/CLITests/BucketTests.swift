import Basics
import CLITestKit
import Lakehouse
import Podium
import RunnerTestKit
import S3
import Storage
import TestKit
import Testing

@Suite("A lake in a bucket")
struct BucketTests {
  /// A gym on this machine of the same files.
  private func local(_ gym: BucketGym) throws -> Gym {
    let lake = try TestLake()
    for object in try gym.store.list("landing/") {
      try lake.write(gym.store.read(object.path), to: object.path)
    }
    return try Gym.fresh.get().with(lake)
  }

  private func runLocally(_ gym: Gym, _ more: String..., asOf: String = "2025-01-03") throws {
    let outcome = try Program.run(
      ["run"] + BucketGym.selectors + more + ["--lake", gym.path, "--as-of", asOf])
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  @Test("It holds the rows that one on this machine holds, batch after batch")
  func sameRows() throws {
    let gym = try BucketGym.finished.get().copy()
    let local = try local(gym)
    try runLocally(local)
    try expectSame(gym.mirror(), local.lake, BucketGym.tables.get())
    #expect(try gym.run().output.contains("up to date"))
    for day in ["2025-01-04", "2025-01-05"] {
      let landed = try gym.podium("generate", "--continue", "--days", "1")
      #expect(landed.status == 0, "\(landed.errors)")
      for object in try gym.store.list("landing/") {
        try local.lake.write(gym.store.read(object.path), to: object.path)
      }
      let run = try gym.run("--jobs", "4", asOf: day)
      #expect(run.status == 0, "\(run.errors)")
      try runLocally(local, asOf: day)
      try expectSame(gym.mirror(), local.lake, BucketGym.tables.get())
    }
    // Nothing of it came to lie on this machine.
    #expect(kindOfFile("s3:") == .missing)
    let refreshed = try gym.run("--full-refresh", asOf: "2025-01-05")
    #expect(refreshed.status == 0, "\(refreshed.errors)")
    try expectSame(gym.mirror(), local.lake, BucketGym.tables.get())
  }

  @Test("Readers of it have the same answers")
  func readers() throws {
    let gym = try BucketGym.finished.get()
    let local = try Gym.fresh.get().with(gym.mirror())
    for words in [
      ["sql", "SELECT * FROM gold.class_fill_rates ORDER BY ALL", "--format", "csv"],
      ["table", "cat", "silver.members", "--format", "csv"], ["quarantine", "list"],
      ["table", "files", "silver.members", "--json"], ["mapping", "check"], ["check"],
      ["plan", "+gold.class_fill_rates", "--as-of", "2025-01-03"], ["env", "list"],
    ] {
      let here = try Program.run(words + ["--lake", local.path])
      let there = try Program.run(words + ["--lake", gym.path], environment: gym.environment)
      #expect(there.status == here.status, "\(words): \(there.errors)")
      #expect(
        there.output.split(separator: "\n").sorted()
          == here.output.replacing(local.path, with: gym.path).split(separator: "\n").sorted(),
        "\(words)")
    }
    for words in [["tables"], ["runs"], ["logs"], ["describe", "silver.members"], ["alerts"]] {
      let outcome = try Program.run(words + ["--lake", gym.path], environment: gym.environment)
      #expect(outcome.status == 0, "\(words): \(outcome.errors)")
      #expect(!outcome.output.isEmpty)
    }
    // Another machine has the record of runs and their logs too.
    let elsewhere = try TemporaryFolder()
    let other = gym.environment.merging(["PODIUM_CACHE": elsewhere.path]) { $1 }
    for words in [["runs", "--json"], ["logs", "--json"]] {
      #expect(
        try Program.run(words + ["--lake", gym.path], environment: other).output
          == Program.run(words + ["--lake", gym.path], environment: gym.environment).output)
    }
  }

  @Test("A path of a table, of a file and of a landing zone may lie in a bucket")
  func places() throws {
    let gym = try BucketGym.finished.get()
    let rows = try Program.run(
      ["table", "cat", "\(gym.path)/silver/members", "--format", "csv"],
      environment: gym.environment)
    #expect(
      try rows.output == gym.podium("table", "cat", "silver.members", "--format", "csv").output)
    let folder = try TemporaryFolder()
    let export = try gym.podium(
      "export", "silver.members", "--to", "\(gym.path)-exports/members.csv")
    #expect(export.status == 0, "\(export.errors)")
    let again = try gym.podium(
      "export", "silver.members", "--to", "\(gym.path)-exports/members.csv")
    #expect(again.status == 2)
    #expect(again.errors.contains("--overwrite replaces it"))
    #expect(
      try gym.podium("export", "silver.members", "--to", folder.file("members.csv")).status == 0)
    let place = try FilePlace("\(gym.path)-exports/members.csv", gym.store.settings)
    #expect(try place.store.read(place.name) == Files.read(folder.file("members.csv")))
    // A lake on this machine with its sources' files in the bucket.
    let lake = try TestLake()
    let outcome = try Program.run(
      ["run", "bronze.members", "--lake", lake.path, "--as-of", "2025-01-03"],
      environment: gym.environment.merging(["PODIUM_RAW_PATH": "\(gym.path)/landing"]) { $1 })
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try !lake.names().contains("landing"))
    let bronze = try #require(Gym.tables.first { $0.name.description == "bronze.members" })
    try expectSame(lake, gym.mirror(), [bronze])
  }

  @Test("The variables of two kinds of storage name it")
  func storage() throws {
    let gym = try BucketGym.finished.get()
    let prefix = String(gym.path.dropFirst("s3://".count))
    let named = gym.environment.merging(["PODIUM_STORAGE": "s3", "PODIUM_S3_BUCKET": prefix]) { $1 }
    let words = ["table", "history", "silver.members"]
    #expect(
      try Program.run(words, environment: named).output
        == gym.podium("table", "history", "silver.members").output)
    let local = try gym.mirror()
    #expect(
      try Program.run(
        words, environment: ["PODIUM_STORAGE": "local", "PODIUM_LOCAL_ROOT": local.path]
      ).status == 0)
    for (variables, words) in [
      (["PODIUM_STORAGE": "s4"], "PODIUM_STORAGE is 's4'; it takes local or s3."),
      (["PODIUM_STORAGE": "s3"], "PODIUM_S3_BUCKET takes the bucket of the lake"),
      (["PODIUM_LAKE": "s3://"], "'' is no name of a bucket"),
    ] {
      let outcome = try Program.run(["tables"], environment: variables)
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
  }

  @Test("Tables are published, looked after, and changed by hand")
  func care() throws {
    let gym = try BucketGym.finished.get().copy()
    let before = try gym.mirror()
    let published = try gym.podium("publish")
    #expect(published.status == 0, "\(published.errors)")
    #expect(published.output.contains("\(gym.path)/published/gold.sqlite: "))
    let start = try gym.store.read("published/gold.sqlite", range: 0..<15)
    #expect(String(decoding: start, as: UTF8.self) == "SQLite format 3")
    for words in [
      ["table", "optimize", "silver.members"], ["table", "vacuum", "silver.members"],
      ["maintain"], ["maintain", "--dry-run"],
    ] {
      let outcome = try Program.run(words + ["--lake", gym.path], environment: gym.environment)
      #expect(outcome.status == 0, "\(words): \(outcome.errors)")
    }
    try expectSame(gym.mirror(), before, BucketGym.tables.get())
    #expect(try gym.run().output.contains("up to date"))
  }

  @Test("An environment is made in it, promoted, rolled back and dropped")
  func environments() throws {
    let gym = try BucketGym.finished.get().copy()
    let before = try gym.mirror()
    #expect(try gym.podium("generate", "--continue", "--days", "1").status == 0)
    let staged = try gym.run("--env", "dev", asOf: "2025-01-04")
    #expect(staged.status == 0, "\(staged.errors)")
    try expectSame(gym.mirror(), before, BucketGym.tables.get())
    for words in [["promote", "dev"], ["env", "drop", "dev"]] {
      let outcome = try Program.run(words + ["--lake", gym.path], environment: gym.environment)
      #expect(outcome.status == 0, "\(words): \(outcome.errors)")
    }
    #expect(try !gym.store.list("").contains { $0.path.contains("dev") })
    let after = try gym.mirror()
    #expect(try gym.run(asOf: "2025-01-04").output.contains("up to date"))
    let back = try gym.podium("rollback", "latest")
    #expect(back.status == 0, "\(back.errors)")
    try expectSame(gym.mirror(), before, BucketGym.tables.get())
    #expect(try gym.run(asOf: "2025-01-04").status == 0)
    try expectSame(gym.mirror(), after, BucketGym.tables.get())
  }

  @Test("It is backed up to this machine, and brought back here and into a bucket")
  func backups() throws {
    let gym = try BucketGym.finished.get()
    let folder = try TemporaryFolder()
    let safe = folder.file("safe")
    for _ in 0..<2 {
      let outcome = try gym.podium("backup", safe)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let again = try BucketGym()
    let there = try Program.run(
      ["restore-lake", safe, "--lake", again.path], environment: gym.environment)
    #expect(there.status == 0, "\(there.errors)")
    try expectSame(again.mirror(), gym.mirror(), BucketGym.tables.get())
    #expect(try again.run().output.contains("up to date"))
    let refused = try Program.run(
      ["restore-lake", safe, "--lake", again.path], environment: gym.environment)
    #expect(refused.status == 2)
    let here = folder.file("here")
    #expect(try Program.run(["restore-lake", safe, "--lake", here]).status == 0)
    try expectSame(TestLake(owning: here), gym.mirror(), BucketGym.tables.get())
    let wrong = try gym.podium("backup", "s3://lake/backup")
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("is no folder of this machine"))
  }

  @Test("A person is forgotten in all of its objects, and the next run has nothing to do")
  func forgotten() throws {
    let gym = try BucketGym.finished.get().copy()
    let found = try gym.podium(
      "sql", "SELECT member_id FROM silver.members ORDER BY 1 LIMIT 1", "--format", "csv")
    let member = try #require(found.output.split(separator: "\n").last.map(String.init))
    let outcome = try gym.podium("forget", member, "--yes")
    #expect(outcome.status == 0, "\(outcome.errors)")
    for object in try gym.store.list("") where !object.path.hasSuffix(".parquet") {
      let text = String(decoding: try gym.store.read(object.path), as: UTF8.self)
      #expect(!text.contains("\"\(member)\""), "\(object.path)")
    }
    let left = try gym.podium(
      "sql", "SELECT count(*) FROM silver.member_pii WHERE member_id = '\(member)'", "--format",
      "csv")
    #expect(left.output.hasSuffix("\n0\n"))
    #expect(try gym.run().output.contains("up to date"))
  }

  @Test("What is wrong about the bucket, its server or the keys is told, and no key is")
  func errors() throws {
    let gym = try BucketGym.finished.get()
    let secret = "SeCrEtKeY123"
    let keys = ["AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": "ToKeN456"]
    func outcome(_ lake: String, _ variables: [String: String]) throws -> Program.Outcome {
      let outcome = try Program.run(
        ["sql", "SELECT count(*) FROM silver.members", "--lake", lake, "--verbose"],
        environment: gym.environment.merging(keys) { $1 }.merging(variables) { $1 })
      for word in [secret, "ToKeN456"] {
        #expect(!outcome.errors.contains(word) && !outcome.output.contains(word))
      }
      return outcome
    }
    #expect(try outcome(gym.path, [:]).status == 0)
    let none = try outcome("s3://nowhere/gym", [:])
    #expect(none.status == 1)
    #expect(none.errors.contains("could not list s3://nowhere: there is no such bucket"))
    let missing = try outcome("s3://lake/nothing", [:])
    #expect(missing.status == 2)
    #expect(missing.errors.contains("there is no lake at s3://lake/nothing"))
    let keyless = try outcome(
      gym.path, ["AWS_ACCESS_KEY_ID": "", "AWS_EC2_METADATA_DISABLED": "true"])
    #expect(keyless.status != 0)
    #expect(keyless.errors.contains("there are no keys for S3"), "\(keyless.errors)")
    let profile = try outcome(gym.path, ["AWS_ACCESS_KEY_ID": "", "AWS_PROFILE": "clbu"])
    #expect(profile.errors.contains("the profile 'clbu' is in none of"))
    let address = try outcome(gym.path, ["AWS_ENDPOINT_URL": "127.0.0.1"])
    #expect(address.status == 2)
    #expect(address.errors.contains("AWS_ENDPOINT_URL is '127.0.0.1', which is no address"))
    let style = try outcome(gym.path, ["PODIUM_S3_URL_STYLE": "pth"])
    #expect(style.errors.contains("PODIUM_S3_URL_STYLE is 'pth'. It takes path or vhost."))
    let library = try Program.run(
      ["sql", "SELECT count(*) FROM silver.members", "--lake", gym.path],
      environment: gym.environment.merging(keys) { $1 }.merging([
        "HOME": "/", "XDG_CACHE_HOME": "/x",
      ]) { $1 })
    #expect(library.status == 1)
    #expect(library.errors.contains("make setup"), "\(library.errors)")
  }

  @Test("A server without conditional writes is refused before anything is written")
  func plainServer() throws {
    let server = try S3Server()
    let gym = try BucketGym(on: server)
    #expect(try gym.podium("generate", "--members", "5", "--days", "1").status == 0)
    let before = try gym.store.list("").map(\.path)
    try server.fail(["every": 1, "kind": "plain"])
    let outcome = try gym.run()
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("does not know conditional writes"), "\(outcome.errors)")
    #expect(try gym.store.list("").map(\.path) == before)
  }
}
