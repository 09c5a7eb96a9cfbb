import Landing
import Storage
import Testing

@Suite("Mappings of headers")
struct MappingTests {
  private static let mapping = HeaderMapping(
    table: "bronze.members",
    pairs: [.init("Client ID", "member_id"), .init("E-Mail", "email"), .init("id", "club")])

  private func read(_ text: String, as name: String) throws -> Reading {
    let store = MemoryStore()
    try store.put(name, Array(text.utf8))
    let fields = ["member_id", "email", "club", "city"].map { LandingField($0) }
    return try LandingTests.read(store, name, Self.mapping.fields(fields))
  }

  @Test("Mapped headers and declared ones are read; what neither names is rescued")
  func csv() throws {
    let reading = try read(
      "E-Mail,Locker,client id ,city,id\na@b.c,7,M1,Bonn,L1\n", as: "a.csv")
    #expect(reading.values == [["M1", "a@b.c", "L1", "Bonn"]])
    #expect(reading.rescued == [#"{"Locker":"7"}"#])
  }

  @Test("A file with the declared headers is read as before; of both the mapped one counts")
  func declared() throws {
    let plain = try read("member_id,email,club,city\nM1,e,L1,Bonn\n", as: "a.csv")
    #expect(plain.values == [["M1", "e", "L1", "Bonn"]])
    let both = try read("member_id,Client ID,email\nold,new,e\n", as: "a.csv")
    #expect(both.values == [["new", "e", nil, nil]])
    #expect(both.rescued == [#"{"member_id":"old"}"#])
  }

  @Test("Members of JSON records are mapped as headers are")
  func json() throws {
    let reading = try read(
      """
      {"Client ID":"M1","E-Mail":"e","id":"L1","Locker":7}
      {"member_id":"M2","email":"f","city":"Bonn"}

      """, as: "a.ndjson")
    #expect(reading.values == [["M1", "e", "L1", nil], ["M2", "f", nil, "Bonn"]])
    #expect(reading.rescued == [#"{"Locker":7}"#, nil])
  }

  @Test("The file says the mapping, whatever its headers hold, and is read as it was written")
  func text() throws {
    let mapping = HeaderMapping(
      table: "bronze.members", pairs: [.init("a \"b\"\n\\", "email")], unmapped: ["Größe"])
    #expect(try HeaderMapping(parsing: Array(mapping.text.utf8), "m") == mapping)
    #expect(
      Self.mapping.text == """
        {
          "table": "bronze.members",
          "columns": {
            "Client ID": "member_id",
            "E-Mail": "email",
            "id": "club"
          },
          "unmapped": []
        }

        """)
    #expect(mapping.fingerprint != Self.mapping.fingerprint)
    let turned = HeaderMapping(table: "", pairs: Self.mapping.pairs.reversed())
    #expect(turned.fingerprint == Self.mapping.fingerprint)
  }

  @Test(
    "A mapping that was edited wrongly is refused, and told how to mend it",
    arguments: [
      (
        "{\n\"table\": }",
        "m: line 2: a character that JSON does not allow here. Mend it, or remove it."
      ),
      (#"{"table":"bronze.x","column":{}}"#, "Did you mean 'columns'?"),
      (#"{"table":"bronze.x"}"#, "'columns' is no object of headers and columns."),
      (#"{"columns":{}}"#, "'table' does not name a table."),
      ("[]", "the mapping is no JSON object."),
      (
        #"{"table":"bronze.x","columns":{"Mail":"email","E-Mail":"email"}}"#,
        "the headers 'Mail' and 'E-Mail' are both 'email'."
      ),
      (
        #"{"table":"bronze.x","columns":{"Mail":"email","Mail":"phone"}}"#,
        "the header 'Mail' stands twice."
      ),
      (#"{"table":"bronze.x","columns":{"Mail":1}}"#, "the header 'Mail' has no column's name."),
      (
        #"{"table":"bronze.y","columns":{}}"#,
        "it is a mapping for 'bronze.y', and the folder is bronze.x's."
      ),
      (
        #"{"table":"bronze.x","columns":{"Mail":"emial"}}"#,
        "'Mail' is mapped to 'emial', which bronze.x does not have. Did you mean 'email'? "
          + "It has email, phone."
      ),
    ])
  func refused(text: String, words: String) {
    let error = #expect(throws: MappingError.self) {
      try HeaderMapping(parsing: Array(text.utf8), "m").check(
        "m", table: "bronze.x", columns: ["email", "phone"])
    }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }
}
