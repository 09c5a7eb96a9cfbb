import Bronze
import Podium
import Silver
import Storage
import TestKit
import Testing

@testable import Scaffolding

/// A copy of what a project's folder needs for new tables.
private final class ProjectCopy {
  let path: String

  init() throws {
    path = try Files.makeTemporaryFolder()
    let package = parentPath(parentPath(parentPath(#filePath)))
    for layer in ["bronze", "silver", "gold"] {
      try Files.copy("\(package)/\(layer)", to: "\(path)/\(layer)")
    }
    try Files.write(Files.read("\(package)/Package.swift"), to: "\(path)/Package.swift")
    try Files.write("import Bronze\nimport PodiumTesting\n", to: "\(path)/Tests/GymTests/A.swift")
    try Files.write(
      "locker_id,member_id,member_name,size,rented_at\nL1,M1,Ann,2,2025-01-06T19:05:00Z\n",
      to: "\(path)/landing/lockers/1.csv")
  }

  deinit { Files.remove(path) }

  func request(_ name: String, _ input: String) -> NewTable.Request {
    NewTable.Request(name: name, input: input, folder: path)
  }

  func make(_ name: String, _ input: String) throws -> NewTable {
    try NewTable(request(name, input), tables: Bronze.tables + Silver.tables)
  }

  func message(_ name: String, _ input: String) -> String {
    do { _ = try make(name, input) } catch { return "\(error)" }
    return "no error"
  }
}

@Suite("New tables")
struct NewTableTests {
  @Test("A bronze table has the columns of its sample, the personal ones marked, and is listed")
  func bronze() throws {
    let project = try ProjectCopy()
    let table = try project.make("bronze.lockers", "\(project.path)/landing/lockers/1.csv")
    try table.write()
    let text = try Files.text("\(project.path)/bronze/Lockers.swift")
    #expect(text.contains(".string(\"member_name\", \"Member name.\", personal: true),"))
    #expect(text.contains(".string(\"member_id\", \"Member id.\", identifies: .person),"))
    #expect(text.contains("landing: \"lockers\","))
    #expect(!text.contains("Ann"))
    let list = try Files.text("\(project.path)/bronze/Bronze.swift")
    #expect(list.hasSuffix("heartRate,\n    lockers,\n  ]\n}\n"))
    let test = try Files.text("\(project.path)/Tests/GymTests/BronzeLockersTests.swift")
    #expect(test.contains("TableTest(Bronze.lockers)"))
    #expect(
      project.message("bronze.lockers", "\(project.path)/landing/lockers/1.csv")
        .contains("Lockers.swift exists already. Nothing was written."))
  }

  @Test("A silver table leaves personal columns in bronze, a table called …_pii carries them")
  func silver() throws {
    let project = try ProjectCopy()
    let text = try project.make("silver.profiles", "bronze.members").files[0].text
    #expect(text.contains("FROM \\(new: Bronze.members)"))
    #expect(!text.contains("email\"") && !text.contains("full_name"))
    let pii = try project.make("silver.profile_pii", "bronze.members").files[0].text
    #expect(
      pii.contains(
        ".string(\"email\", \"E-mail address, as typed.\", nullable: true, personal: true),"))
  }

  @Test("A gold table counts rows of a silver one, and takes none with personal values")
  func gold() throws {
    let project = try ProjectCopy()
    let text = try project.make("gold.class_bookings", "silver.class_bookings").files[0].text
    #expect(text.contains("FROM \\(Silver.classBookings)"))
    #expect(project.message("gold.people", "silver.member_pii").contains("personal values"))
  }

  @Test("What is misspelt, taken or missing is refused")
  func refused() throws {
    let project = try ProjectCopy()
    #expect(
      project.message("silver.lockers", "bronze.membrs").contains("Did you mean 'bronze.members'?"))
    #expect(
      project.message("silver.members", "bronze.members").contains("declared already, at silver/"))
    #expect(
      project.message("Lockers", "bronze.members").contains("no table can be called 'Lockers'"))
    for (name, why) in [
      ("silver._x", "the first of them a letter."), ("silver.1x", "the first of them a letter."),
      ("silver.files", "which is a table of Podium's own."),
      ("silver.dropped", "which is a table of Podium's own."),
      ("silver." + String(repeating: "a", count: 250), "its name has 250 letters after the dot"),
    ] {
      #expect(project.message(name, "bronze.members").contains(why))
    }
    #expect(project.message("bronze.lockers", "nowhere.csv").contains("there is no file"))
    #expect(project.message("silver.lockers", "silver.members").contains("it needs a bronze table"))
    #expect(Files.all(below: project.path).allSatisfy { !$0.contains("ockers.swift") })
  }
}
