import Bronze
import Podium
import TestKit
import Testing

@testable import Scaffolding

@Suite("Guesses of mappings")
struct MappingGuessTests {
  private func guess(
    _ text: String, for table: Table = Bronze.members, hints: [String: ColumnHint] = [:]
  ) throws -> MappingGuess {
    let folder = try Files.makeTemporaryFolder()
    defer { Files.remove(folder) }
    try Files.write(text, to: "\(folder)/a.csv")
    return try MappingGuess(SampleFile("\(folder)/a.csv"), for: table, hints: hints)
  }

  private func columns(_ guess: MappingGuess) -> [String] {
    guess.matches.map { $0.column ?? "–" }
  }

  @Test(
    "Headers of lists of members are found by words that mean the same",
    arguments: [
      (
        "Client ID,Full Name,E-Mail Address,Mobile No.,Town,Sex,Year of Birth,Primary Studio,Joined On,Locker",
        "7,Ann Lee,ann@lee.org,+1 415 555 0100,Boston,F,1990,L01,2024-03-01,12",
        "member_id,full_name,email,phone,city,gender,birth_year,home_club,signup_date,–"
      ),
      (
        "customer_no,email,cell,province,registration date,Wearable ID,opt-in e-mail",
        "C1,a@b.org,(415) 555-0100,CA,1/31/2024,88,yes",
        "member_id,email,phone,state,signup_date,device_id,email_consent"
      ),
      (
        "memberId,fullName,eMail,gendr,homeClub,signupDate", "1,Ann,a@b.org,f,L1,2024-01-01",
        "member_id,full_name,email,gender,home_club,signup_date"
      ),
    ])
  func synonyms(header: String, row: String, expected: String) throws {
    let guess = try guess("\(header)\n\(row)\n")
    #expect(columns(guess).joined(separator: ",") == expected)
  }

  @Test("Words that a header writes apart are one where that is a word")
  func apart() throws {
    let guess = try guess(
      "Visit No,Client,Studio,Check In,Check-out\nV1,M1,L01,2025-01-03 10:00:00,\n",
      for: Bronze.gymVisits)
    #expect(columns(guess) == ["visit_id", "member_id", "location_id", "login_at", "logout_at"])
  }

  @Test("A declared header is certain, and a like one less so")
  func confidence() throws {
    let guess = try guess("member_id,Town,Joined\n1,Bonn,2024-01-01\n")
    #expect(guess.matches.map { Int($0.confidence * 100) } == [100, 95, 86])
    #expect(
      guess.matches.map(\.reason)
        == ["the declared header", "a like name", "a like name and its values"])
  }

  @Test("Values speak for a header without a telling name, and against a wrong one")
  func values() throws {
    let contact = try guess("member_id,Contact\nM1,ann@lee.org\nM2,bo@lee.org\n")
    #expect(columns(contact) == ["member_id", "email"])
    #expect(contact.matches[1].reason == "its values")
    let birth = try guess("member_id,Birthday\nM1,1990-05-01\n")
    #expect(columns(birth) == ["member_id", "–"])
    #expect(columns(try self.guess("member_id,Birth\nM1,1990\n")) == ["member_id", "birth_year"])
    var kinds = ColumnHint()
    kinds.values = ["insert", "update", "delete"]
    let op = try guess("member_id,what\nM1,INSERT\nM2,delete\n", hints: ["op": kinds])
    #expect(columns(op) == ["member_id", "op"])
  }

  @Test("Of two headers for one column the better is taken, and the other listed")
  func two() throws {
    let guess = try guess("Mail,E-Mail Address,member_id\nx,ann@lee.org,M1\n")
    #expect(columns(guess) == ["–", "email", "member_id"])
    #expect(guess.mapping.unmapped == ["Mail"])
    #expect(guess.mapping.pairs.map(\.header) == ["E-Mail Address", "member_id"])
  }

  @Test("What is needed and not there is told with the header that may be it")
  func missing() throws {
    var needed = ColumnHint()
    needed.neededBy = TableName("silver.members")
    let guess = try guess(
      "Email,Birthday\na@b.org,1990-05-01\n", hints: ["birth_year": needed, "member_id": needed])
    #expect(guess.missing.map(\.column) == ["member_id", "birth_year"])
    #expect(guess.missing.map(\.meant) == [nil, "Birthday"])
    #expect(guess.absent.contains("phone"))
  }

  @Test("Samples are masked, and personal columns known by declaration, header or values")
  func personal() throws {
    let guess = try guess(
      "member_id,Name,Emergency Contact Phone,Second Mail,City\n"
        + "M17,Zoë Quist,+49 228 123456,zoe@quist.org,Bonn\n")
    #expect(
      guess.matches.map(\.sample)
        == ["X99", "Xxx Xxxxx", "+99 999 999999", "xxx@xxxxx.xxx", "Xxxx"])
    #expect(guess.matches.map(\.isPersonal) == [false, true, true, true, false])
    #expect(guess.matches.allSatisfy { !$0.isUndeclared })
  }

  @Test("A file of which no header is like a column is refused without its words")
  func nothing() {
    let error = #expect(throws: ScaffoldError.self) {
      try guess("Zelda,Quist\nAnn,Lee\n")
    }
    #expect(error?.description.contains("Zelda") == false)
    #expect(error?.description.hasPrefix("no header of the file is like a column") == true)
  }
}
