import Basics
import Faker
import Testing

@Suite("The providers")
struct FakerTests {
  @Test("The same seed gives the same person, another seed another")
  func determinism() {
    var one = Faker(seed: 42)
    var same = Faker(seed: 42)
    var other = Faker(seed: 43)
    let profile = one.profile()
    #expect(profile == same.profile())
    #expect(profile != other.profile())
    #expect(profile != one.profile())
  }

  @Test("A seed gives this person on every machine")
  func knownPerson() {
    var faker = Faker(seed: 42)
    let profile = faker.profile()
    #expect(profile.fullName == "Gwen Quinn")
    #expect(profile.email == "gwen.quinn925@example.net")
    #expect(profile.phone == "(724) 555-0185")
    #expect(profile.birthday.description == "1951-08-02")
    #expect(
      "\(profile.street), \(profile.city.name), \(profile.city.state) \(profile.zip)"
        == "6416 Cross Way, Pittsburgh, PA 19554")
  }

  @Test("The parts of a profile agree and belong to nobody")
  func profiles() throws {
    var faker = Faker(seed: 1)
    let day = CivilDate(year: 2025, month: 6, day: 30)
    for _ in 0..<2000 {
      let profile = faker.profile(on: day)
      let domain = try #require(profile.email.split(separator: "@").last)
      #expect(["example.com", "example.org", "example.net"].contains(domain))
      #expect(profile.email.hasPrefix(profile.userName + "@"))
      #expect(profile.userName.hasPrefix(profile.firstName.lowercased() + "."))
      #expect(profile.userName == profile.userName.lowercased())
      let state = try #require(USState(code: profile.city.state))
      #expect(state.postalPrefixes.contains(try #require(Int(profile.zip.prefix(3)))))
      #expect(profile.zip.utf8.count == 5)
      let area = try #require(Int(profile.phone.dropFirst().prefix(3)))
      #expect(state.areaCodes.contains(area))
      #expect(profile.phone.dropFirst(4).prefix(6) == ") 555-")
      let line = try #require(Int(profile.phone.suffix(4)))
      #expect((100...199).contains(line))
      #expect(profile.birthday <= CivilDate(year: 2007, month: 6, day: 30))
      #expect(profile.birthday > CivilDate(year: 1934, month: 6, day: 30))
      #expect(!profile.street.isEmpty && !profile.company.isEmpty && !profile.job.isEmpty)
    }
  }

  @Test("There are enough different names that few people share one")
  func variety() {
    var faker = Faker(seed: 4)
    let names = Set((0..<10_000).map { _ in faker.fullName() })
    #expect(names.count > 9300)
    #expect(Set((0..<5000).map { _ in faker.product() }).count > 4500)
    #expect(Set((0..<5000).map { _ in faker.company() }).count > 4000)
  }

  @Test("Every state has towns, postal codes, telephone areas and a time zone")
  func states() throws {
    #expect(USState.all.count == 51)
    var faker = Faker(seed: 8)
    for state in USState.all {
      #expect(faker.city(in: state.code)?.state == state.code)
      #expect(!state.areaCodes.isEmpty)
      #expect(faker.timeZone(ofState: state.code)?.contains("/") == true)
      #expect(state.postalPrefixes.contains(try #require(Int(faker.zip(in: state.code).prefix(3)))))
    }
    #expect(faker.timeZone(ofState: "NY") == "America/New_York")
    #expect(faker.timeZone(ofState: "AZ") == "America/Phoenix")
    #expect(faker.city(in: "XX") == nil)
    #expect(faker.zip(in: "XX") == "00000")
    #expect(faker.timeZone(ofState: "XX") == nil)
    #expect(USState(code: "XX") == nil)
    #expect(faker.phone(in: "XX").utf8.count == 14)
  }

  @Test("A birthday for an age gives that age on the day, on leap days too")
  func birthdays() {
    var faker = Faker(seed: 12)
    for day in [
      CivilDate(year: 2024, month: 2, day: 29), CivilDate(year: 2025, month: 12, day: 31),
    ] {
      for age in [0, 1, 18, 47] {
        for _ in 0..<400 {
          let born = faker.birthday(age: age, on: day)
          let (year, month, dayOfMonth) = born.components
          let had = (month, dayOfMonth) <= (day.components.month, day.components.day)
          #expect(day.components.year - year - (had ? 0 : 1) == age, "\(born) on \(day)")
        }
      }
    }
    let range = CivilDate(year: 2025, month: 1, day: 30)...CivilDate(year: 2025, month: 2, day: 2)
    #expect(Set((0..<200).map { _ in faker.date(range) }).count == 4)
  }

  @Test("UUIDs, network addresses and article numbers have their formats")
  func identifiers() {
    var faker = Faker(seed: 3)
    for _ in 0..<500 {
      let uuid = Array(faker.uuid().utf8)
      #expect(uuid.count == 36)
      #expect([8, 13, 18, 23].allSatisfy { uuid[$0] == UInt8(ascii: "-") })
      #expect(uuid[14] == UInt8(ascii: "4"))
      #expect("89ab".utf8.contains(uuid[19]))
      let mac = faker.mac().split(separator: ":")
      #expect(mac.count == 6)
      #expect(mac.allSatisfy { $0.utf8.count == 2 && UInt8($0, radix: 16) != nil })
      #expect((UInt8(mac[0], radix: 16) ?? 0) & 3 == 2)
      let sku = faker.sku()
      #expect(sku.utf8.count == 8 && sku.dropFirst(3).first == "-")
      #expect([49, 95, 99].contains(faker.priceInCents(dollars: 2...5) % 100))
    }
    #expect(faker.sku(prefix: "SUP", digits: 3).hasPrefix("SUP-"))
    #expect(Set((0..<1000).map { _ in faker.uuid() }).count == 1000)
  }

  @Test("A sentence begins with a capital, ends with a full stop and has 5 to 12 words")
  func sentences() {
    var faker = Faker(seed: 6)
    for _ in 0..<200 {
      let sentence = faker.sentence()
      #expect(sentence.first?.isUppercase == true)
      #expect(sentence.last == ".")
      #expect((5...12).contains(sentence.split(separator: " ").count))
    }
    #expect(faker.words(3).count == 3)
    #expect(faker.words(-1).isEmpty)
  }

  @Test("The unique wrapper lets each value through once and says when there are no more")
  func unique() throws {
    var faker = Faker(seed: 2)
    var letters = Unique<Int>(tries: 200)
    let drawn = try (0..<10).map { _ in try letters.next { faker.random.below(10) } }
    #expect(Set(drawn) == Set(0..<10))
    #expect(throws: UniqueError(tries: 200, seen: 10)) {
      try letters.next { faker.random.below(10) }
    }
    #expect(
      UniqueError(tries: 200, seen: 10).description
        == "no new value in 200 tries after 10 different ones; ask for fewer values, or draw from more"
    )
  }
}
