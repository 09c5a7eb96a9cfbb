import Podium
import TestKit
import Testing

@testable import Scaffolding

@Suite("Samples of new sources")
struct SampleTests {
  private func sample(_ name: String, _ text: String) throws -> [SampleColumn] {
    let folder = try Files.makeTemporaryFolder()
    defer { Files.remove(folder) }
    try Files.write(text, to: "\(folder)/\(name)")
    return try SampleFile("\(folder)/\(name)").columns
  }

  @Test("Columns of a CSV file have the narrowest type of all their values")
  func csv() throws {
    let columns = try sample(
      "a.csv",
      """
      Feedback Id,memberName,rating,price,zip,open,day,sent_at
      1,Ann,5,1.5,01234,true,2025-01-06,2025-01-06T19:05:00Z
      2,Bo,,12.25,99999,false,2025-01-07,2025-01-07

      """)
    #expect(
      columns.map(\.name) == [
        "feedback_id", "member_name", "rating", "price", "zip", "open", "day", "sent_at",
      ])
    #expect(
      columns.map(\.type) == [
        .string, .string, .int, .decimal(precision: 18, scale: 2), .string, .bool, .date,
        .timestamp,
      ])
    #expect(columns.filter(\.hasGaps).map(\.name) == ["rating"])
    #expect(columns.filter(\.isPersonal).map(\.source) == ["memberName"])
  }

  @Test("Members of JSON lines may be missing in some rows")
  func json() throws {
    let columns = try sample("a.ndjson", "{\"id\":\"a\"}\n{\"id\":\"b\",\"n\":2}\n")
    #expect(columns.map(\.name) == ["id", "n"])
    #expect(columns.map(\.type) == [.string, .int])
    #expect(columns.map(\.hasGaps) == [false, true])
  }

  @Test(
    "Headers of persons are told from those of things",
    arguments: [
      ("name", true), ("e_mail", true), ("customer_email", true), ("phone_number", true),
      ("last_name", true), ("birth_date", true), ("class_name", false), ("club", false),
      ("mailing_state", false), ("notes", true), ("item_name", false),
    ])
  func personal(_ name: String, _ isPersonal: Bool) {
    #expect(ColumnName.soundsPersonal(name) == isPersonal)
  }

  @Test(
    "Headers become plain names",
    arguments: [
      ("InvoiceNo", "invoice_no"), ("Feedback Id", "feedback_id"), ("2nd try", "column_2nd_try"),
      ("ID", "id"), ("__a--b__", "a_b"), ("Größe", "gr_e"),
    ])
  func names(_ header: String, _ name: String) {
    // Letters beyond ASCII are left out.
    #expect(ColumnName.plain(header).replacing("__", with: "_") == name)
  }

  @Test("A file that is no source is refused without its values, and nothing is made of it")
  func noSource() throws {
    func reason(_ name: String, _ text: String) throws -> String {
      let error = #expect(throws: ScaffoldError.self) { try sample(name, text) }
      return try #require(error).description
    }
    #expect(try reason("a.tsv", "a\tb\n1\t2\n").contains("does not tell a format"))
    #expect(try reason("a.csv", "a,\0\n").contains("a NUL character"))
    #expect(try reason("a.csv", "id,city,id\n1,2,3\n").contains("names 'id' twice"))
    let record = try reason("a.csv", "Jane Doe,7,Jane Doe\n1,2,3\n")
    #expect(record.contains("columns 1 and 3") && !record.contains("Jane"))
    #expect(record.hasSuffix("Nothing was written."))
  }
}
