import Podium
import TestKit
import Testing

@testable import Scaffolding

/// A package with some files, gone with the value.
private final class SmallPackage {
  let path: String

  init(_ files: [String: String]) throws {
    path = try Files.makeTemporaryFolder()
    for (file, text) in files { try Files.write(text, to: "\(path)/\(file)") }
    try Files.write("a,b\n1,x\n", to: "\(path)/sample.csv")
  }

  deinit { Files.remove(path) }

  func table(_ name: String, in folder: String = "", _ tables: [Table] = []) throws -> NewTable {
    try NewTable(
      NewTable.Request(name: name, input: "\(path)/sample.csv", folder: "\(path)/\(folder)"),
      tables: tables)
  }

  /// The new files' and the list's paths, and the texts of all.
  func files(_ table: NewTable) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: table.files.map { (String($0.path.dropFirst(path.count + 1)), $0.text) }
    )
  }

  func message(_ name: String, in folder: String = "", _ tables: [Table] = []) -> String {
    do { _ = try table(name, in: folder, tables) } catch { return "\(error)" }
    return "no error"
  }
}

@Suite("Layouts of packages with tables")
struct LayoutTests {
  private static let manifest = """
    import PackageDescription
    let package = Package(
      name: "club",
      targets: [
        .target(name: "Club", dependencies: [.product(name: "Podium", package: "podium")]),
        .target(name: "raw-rows", dependencies: ["Club"], path: "code/raw"),
      ])
    """
  private static let list = """
    public enum Club {
      public static let tables: [Table] = []
      public enum Bronze {}
    }
    """

  @Test("A package without tables and tests gets both, and is told what its manifest lacks")
  func first() throws {
    let package = try SmallPackage([
      "Package.swift": LayoutTests.manifest, "Sources/Club/Club.swift": LayoutTests.list,
    ])
    let table = try package.table("bronze.visits", in: "Sources/Club")
    let files = package.files(table)
    #expect(files["Sources/Club/Club.swift"]?.contains("[Table] = [Bronze.visits]") == true)
    #expect(
      files["Sources/Club/BronzeVisits.swift"]?.contains("extension Club.Bronze {") == true)
    #expect(
      files["Tests/ClubTests/BronzeVisitsTests.swift"]?.hasPrefix(
        "import Club\nimport PodiumTesting\nimport Testing\n") == true)
    #expect(
      table.leftToDo == [
        "add a target to Package.swift: .testTarget(name: \"ClubTests\", dependencies: "
          + "[\"Club\", .product(name: \"PodiumTesting\", package: \"podium\")])"
      ])
    try table.write()
    #expect(
      Files.names("\(package.path)/Tests/ClubTests") == ["BronzeVisitsTests.swift"])
  }

  @Test("Tests without the kit are found, and what their target lacks is told")
  func withoutKit() throws {
    let package = try SmallPackage([
      "Package.swift": LayoutTests.manifest, "Sources/Club/Club.swift": LayoutTests.list,
      "Tests/Own/A.swift": "@testable import Club\n", "Tests/Other/B.swift": "import Testing\n",
    ])
    let table = try package.table("bronze.visits")
    #expect(package.files(table)["Tests/Own/BronzeVisitsTests.swift"] != nil)
    #expect(
      table.leftToDo == [
        "add .product(name: \"PodiumTesting\", package: \"podium\") to the dependencies of Own in "
          + "Package.swift"
      ])
  }

  @Test("A module that the manifest puts elsewhere has its name, and is imported with its inside")
  func elsewhere() throws {
    let package = try SmallPackage([
      "Package.swift": LayoutTests.manifest,
      "code/raw/All.swift": "enum All {\n  static let tables: [Table] = [\n    // none\n  ]\n}\n",
    ])
    let files = package.files(try package.table("bronze.visits"))
    #expect(
      files["code/raw/All.swift"]
        == "enum All {\n  static let tables: [Table] = [\n    // none\n    visits,\n  ]\n}\n")
    let code = try #require(files["code/raw/BronzeVisits.swift"])
    #expect(code.contains("extension All {") && code.contains("\n  static let visits = Table("))
    let test = try #require(files["Tests/raw_rowsTests/BronzeVisitsTests.swift"])
    #expect(test.contains("@testable import raw_rows\n"))
  }

  @Test(
    "A name goes into a list as the list is written",
    arguments: [
      ("[]", "[visits]"), ("[a]", "[a, visits]"),
      ("[\n    a, b\n  ]", "[\n    a, b,\n    visits,\n  ]"),
      ("[\n    a, // one\n  ]", "[\n    a, // one\n    visits,\n  ]"),
      ("[\n    a // [one]\n  ]", "[\n    a, // [one]\n    visits,\n  ]"),
      ("\n    [\n      a\n    ] + more", "\n    [\n      a,\n      visits,\n    ] + more"),
      ("[visits]", "[visits]"),
    ])
  func lists(_ before: String, _ after: String) throws {
    let package = try SmallPackage([
      "Package.swift": LayoutTests.manifest,
      "Sources/Club/A.swift": "enum Bronze {\n  static let tables: [Table] = \(before)\n}\n",
    ])
    let files = package.files(try package.table("bronze.visits"))
    #expect(
      files["Sources/Club/A.swift"]
        == "enum Bronze {\n  static let tables: [Table] = \(after)\n}\n")
  }

  @Test("Where no package, no list, several tests, or another's tables are, nothing is written")
  func refused() throws {
    let other = Table(
      "bronze.other", about: "Rows.", landing: "other", columns: [.string("a", "A.")])
    let package = try SmallPackage([
      "Package.swift": LayoutTests.manifest, "Sources/Club/Club.swift": LayoutTests.list,
      "Tests/A/A.swift": "import Club\nimport PodiumTesting\n",
      "Tests/B/B.swift": "import Club\nimport PodiumTesting\n",
    ])
    #expect(
      package.message("bronze.visits").contains("tests of tables are in Tests/A and Tests/B."))
    #expect(
      package.message("bronze.visits", [other]).contains(
        "this program's tables are not declared in"))
    let empty = try SmallPackage(["Package.swift": LayoutTests.manifest])
    #expect(
      empty.message("bronze.visits").contains("has a list 'static let tables: [Table] = […]'"))
    let none = try SmallPackage(["Sources/Club/Club.swift": LayoutTests.list])
    #expect(none.message("bronze.visits").contains("there is no Package.swift in"))
  }
}
