import CLITestKit
import RunnerTestKit
import Testing

@Suite("CSV files with odd text")
struct TextTests {
  /// What is wrong in the third line of a file, and what a run says of it.
  static let faults: [(name: String, email: String, words: String)] = [
    (
      "\"\(Personal.name)", Personal.email,
      ", line 3, byte 38: a quote that is opened here is never closed; upload the file again, whole"
    ),
    (
      "\"\(Personal.name)\" x", Personal.email,
      ", line 3, byte 55: text after a closing quote; double the quotes inside quoted fields"
    ),
    (
      "\(Personal.name),Jr.", Personal.email,
      ", line 3: the header has 15 fields, this record has 16; quote fields that hold separators; "
        + "a last record that is too short may be a cut upload"
    ),
    (
      "Zelda\rQuixotish", Personal.email,
      ", line 3, byte 43: a carriage return without a newline; end lines with LF or CRLF, or "
        + "quote the field"
    ),
    (
      "Zelda\u{0}Quixotish", Personal.email,
      ", line 3, byte 43: a NUL character, which no table can hold; remove it at the source"
    ),
    (
      "Zelda\u{FFFF}Quixotish", Personal.email,
      ", line 3, byte 43: bytes that are not UTF-8; export the file as UTF-8"
    ),
  ]

  /// A file whose third line has a fault.
  private func file(_ number: Int, _ name: String, _ email: String) -> [UInt8] {
    let text =
      MemberFile.header + MemberFile.record(10 * number)
      + MemberFile.record(10 * number + 1, name: name, email: email)
      + MemberFile.record(10 * number + 2)
    // U+FFFF stands for a byte of Latin-1.
    return Array(text.replacing("\u{FFFF}", with: "\u{1}").utf8).map { $0 == 1 ? 0xE9 : $0 }
  }

  @Test("Wrong quoting, a short record, NUL and other text than UTF-8 are told with file and line")
  func faulty() throws {
    let gym = try Gym.finished.get().copy()
    for (number, fault) in TextTests.faults.enumerated() {
      try gym.lake.land(
        "members/\(number).csv", bytes: file(number + 1, fault.name, fault.email))
    }
    let outcome = try gym.run(expecting: 0)
    let refused = try outcome.refused("bronze.members")
    #expect(refused.count == TextTests.faults.count)
    for (number, fault) in TextTests.faults.enumerated() {
      #expect(refused["\(number).csv"] == "members/\(number).csv\(fault.words)")
    }
    #expect(outcome.errors.contains("warning: bronze.members: quarantined members/0.csv, line 3"))
    #expect(try outcome.rows("bronze.members", "inserted") == 0)

    let mended = TextTests.faults.indices.map { number in
      ("members/\(number).csv", file(number + 1, Personal.name, Personal.email))
    }
    for (name, bytes) in mended { try gym.lake.land(name, bytes: bytes) }
    try gym.recover(like: try Gym.finished(with: mended))
  }

  @Test("Newlines inside quotes, CRLF and a byte order mark are read as what they mean")
  func accepted() throws {
    let gym = try Gym.finished.get().copy()
    let (header, quoted) = (MemberFile.header, MemberFile.record(1, name: "\"Ann\nBo \"\"Cy\"\"\""))
    let files: [(name: String, text: String)] = [
      ("members/quoted.csv", header + quoted + MemberFile.record(2, name: "Dee")),
      (
        "members/crlf.csv",
        (header + MemberFile.record(3, name: "Eve") + MemberFile.record(4, name: "\"F\nG\""))
          .replacing("\n", with: "\r\n")
      ),
      ("members/mark.csv", "\u{FEFF}" + header + MemberFile.record(5, name: "Hal")),
    ]
    for file in files { try gym.lake.land(file.name, file.text) }
    let outcome = try gym.run(expecting: 0)
    #expect(try outcome.refused("bronze.members") == [:])
    #expect(try outcome.rows("bronze.members", "inserted") == 5)
    #expect(try outcome.rows("silver.members", "inserted") == 5)
    let read = try Program.run([
      "sql", "--json", "--lake", gym.path,
      """
      SELECT full_name, _line, _rescued FROM bronze.members WHERE member_id LIKE 'M9%'
      ORDER BY member_id
      """,
    ])
    let rows = [
      #"{"full_name":"Ann\nBo \"Cy\"","_line":2,"_rescued":null}"#,
      #"{"full_name":"Dee","_line":4,"_rescued":null}"#,
      #"{"full_name":"Eve","_line":2,"_rescued":null}"#,
      #"{"full_name":"F\r\nG","_line":3,"_rescued":null}"#,
      #"{"full_name":"Hal","_line":2,"_rescued":null}"#,
    ]
    #expect(try read.json.array?.map(\.text) == rows)
    try gym.recover(like: try Gym.finished(with: files.map { ($0.name, Array($0.text.utf8)) }))
  }
}
