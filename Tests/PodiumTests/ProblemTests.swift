import Podium
import Testing

@Suite("What is wrong with a declaration")
struct ProblemTests {
  @Test("Sound tables have no problems")
  func sound() {
    for table in [Sample.visits, Sample.members, Sample.daily, declare()] {
      #expect(table.problems() == [], "\(table.name)")
    }
  }

  @Test(
    "A name is a layer and a plain name",
    arguments: [
      ("silver.tested", []), ("silver.t_2", []), ("tested", ["table-name"]),
      ("platinum.tested", ["table-name"]), ("silver.Tested", ["table-name"]),
      ("silver.2t", ["table-name"]), ("silver.", ["table-name"]), ("silver.a.b", ["table-name"]),
      ("silver.größe", ["table-name"]), ("", ["table-name"]), ("silver._t", ["table-name"]),
      ("silver.files", ["table-name"]), ("silver.dropped", ["table-name"]),
      ("silver." + String(repeating: "a", count: 128), []),
      ("silver." + String(repeating: "a", count: 129), ["table-name"]),
    ])
  func tableName(name: String, expected: [String]) {
    #expect(rules(declare(name)) == expected)
  }

  @Test(
    "Columns have plain names, each once, that are not Podium's own",
    arguments: [
      ("other", []), ("Größe", ["column-name"]), ("a b", ["column-name"]), ("", ["column-name"]),
      ("_file", ["column-name"]), ("MEMBER_ID", ["column-name"]), ("member_id", ["column-name"]),
      ("a-b", ["column-name"]), ("a\"b", ["column-name"]),
    ])
  func columnNames(name: String, expected: [String]) {
    #expect(rules(declare(columns: Sample.columns + [.string(name, "A text.")])) == expected)
  }

  @Test("A table without columns is none")
  func noColumns() {
    let table = Table("bronze.empty", about: "Nothing.", landing: "empty", columns: [])
    #expect(rules(table) == ["column-name"])
  }

  @Test(
    "A decimal has 1 to 38 digits, and no more after the point",
    arguments: [
      (18, 2, true), (38, 38, true), (1, 0, true), (39, 2, false), (0, 0, false),
      (10, 11, false), (10, -1, false),
    ])
  func decimals(precision: Int, scale: Int, sound: Bool) {
    let column = Column.decimal("price", "Price.", precision: precision, scale: scale)
    #expect(rules(declare(columns: Sample.columns + [column])) == (sound ? [] : ["column-name"]))
  }

  @Test("Tables and columns say what they are")
  func described() {
    #expect(rules(declare(about: "")) == ["described-columns"])
    #expect(rules(declare(columns: Sample.columns + [.int("n", "")])) == ["described-columns"])
  }

  @Test("Every column that a declaration names is one of the table's")
  func knownColumns() {
    let wrong: [Table] = [
      declare(key: ["member"]), declare(write: .upsert(newestBy: "changed")),
      declare(partitionedBy: ["days"]),
      declare(
        write: .derived(by: .key("member_id", "dya")), query: "SELECT 1 FROM \(Sample.members)"),
      declare(
        write: .derived(by: .partition("dya")), query: "SELECT 1 FROM \(Sample.members)"),
      declare(expect: [
        .references("memberid", in: Sample.members, key: ["member_id"], else: .warn)
      ]),
    ]
    for table in wrong { #expect(rules(table) == ["known-column"], "\(table.problems())") }
    let right: [Table] = [
      declare(partitionedBy: ["day"]),
      declare(
        write: .derived(by: .key("member_id", "day")), query: "SELECT 1 FROM \(Sample.members)"),
      declare(expect: [.references("member_id", in: Sample.members, else: .warn)]),
      declare(expect: [.row("a", "unknown_column = 1", else: .warn)]),
    ]
    for table in right { #expect(rules(table) == [], "\(table.problems())") }
    #expect(
      declare(partitionedBy: ["days"], line: 7).problems().map(\.description) == [
        "PodiumTests/Samples.swift:7: silver.tested: partition column 'days' is not a column. "
          + "Did you mean 'day'? [known-column]"
      ])
  }

  @Test("A reference names columns that the other table has, as many as there are here")
  func referredColumns() {
    #expect(
      rules(
        declare(expect: [
          .references("member_id", in: Sample.members, key: ["id"], else: .warn)
        ])) == ["known-column"])
    #expect(
      rules(
        declare(expect: [
          .references(
            "member_id", in: Sample.members, key: ["member_id", "changed_at"], else: .warn)
        ])) == ["known-column"])
  }

  @Test("A table computed by a query has a key, and no key column may be NULL")
  func keys() {
    #expect(rules(declare(key: [])) == ["key"])
    #expect(rules(Sample.visits) == [])
    let nullable: [Column] = [
      .string("member_id", "The member.", nullable: true),
      .timestamp("changed_at", "Last change, UTC."),
    ]
    #expect(rules(declare(columns: nullable)) == ["key"])
    #expect(rules(declare(columns: nullable, key: ["changed_at"])) == [])
  }

  @Test("What decides the newest row may not be NULL")
  func newestBy() {
    let columns: [Column] = [
      .string("member_id", "The member."),
      .timestamp("changed_at", "Last change, UTC.", nullable: true),
    ]
    #expect(rules(declare(columns: columns)) == ["key"])
  }

  @Test("A table reads its own layer or the one below")
  func layers() {
    let derived = Write.derived(by: .whole)
    #expect(
      rules(declare("gold.tested", write: derived, query: "SELECT 1 FROM \(Sample.visits)"))
        == ["layer-order"])
    #expect(
      rules(declare("silver.tested", write: derived, query: "SELECT 1 FROM \(Sample.daily)"))
        == ["layer-order"])
    #expect(
      rules(declare("bronze.tested", write: derived, query: "SELECT 1 FROM \(Sample.visits)"))
        == ["layer-order"])
    #expect(
      rules(declare("gold.tested", write: derived, query: "SELECT 1 FROM \(Sample.daily)")) == [])
    #expect(
      rules(declare(expect: [.references("day", in: Sample.daily, else: .warn)]))
        == ["layer-order"])
  }

  @Test("Personal columns stand in bronze and in tables called <name>_pii")
  func personal() {
    let columns = Sample.columns + [.string("email", "E-mail.", personal: true)]
    #expect(rules(declare(columns: columns)) == ["personal-columns"])
    #expect(rules(declare("silver.member_pii", columns: columns)) == [])
    let bronze = Table(
      "bronze.people", about: "One row per change.", landing: "people",
      columns: [.string("email", "E-mail.", personal: true)])
    #expect(rules(bronze) == [])
  }

  @Test("Problems are in the order of their places, then of their rules")
  func order() {
    let name = TableName("silver.a")
    func problem(_ rule: Problem.Rule, _ line: Int, _ message: String = "") -> Problem {
      Problem(rule, name, SourceLocation(file: "F.swift", line: line), message)
    }
    let sorted = [
      problem(.tableName, 2), problem(.columnName, 10), problem(.key, 10, "a"),
      problem(.key, 10, "b"),
    ]
    #expect(sorted.shuffled().sorted() == sorted)
  }
}
