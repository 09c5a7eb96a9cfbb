import Faker
import Testing

@Suite("The seeded generator")
struct SeededRandomTests {
  @Test("A seed gives these numbers on every machine")
  func knownNumbers() {
    var random = SeededRandom(seed: 42)
    let drawn = (0..<3).map { _ in random.next() }
    var twin = SeededRandom(seed: 42)
    #expect(drawn == (0..<3).map { _ in twin.next() })
    #expect(
      drawn == [1_546_998_764_402_558_742, 6_990_951_692_964_543_102, 12_544_586_762_248_559_009])
  }

  @Test("A stream does not depend on what was drawn before it was derived")
  func streams() {
    var first = SeededRandom(seed: 1, "members", 3)
    let before = first.next()
    var other = SeededRandom(seed: 1, "members", 2)
    for _ in 0..<100 { _ = other.next() }
    var again = SeededRandom(seed: 1, "members", 3)
    #expect(again.next() == before)
    let heads = Set(
      (0..<1000).map { key in
        var stream = SeededRandom(seed: 1, "members", UInt64(key))
        return stream.next()
      })
    #expect(heads.count == 1000)
    var byOrder = SeededRandom(seed: 1, 2, 3)
    var swapped = SeededRandom(seed: 1, 3, 2)
    #expect(byOrder.next() != swapped.next())
  }

  @Test("Whole numbers stay in their range and reach both ends")
  func ranges() {
    var random = SeededRandom(seed: 7)
    let drawn = (0..<2000).map { _ in random.int(-3...4) }
    #expect(Set(drawn) == Set(-3...4))
    #expect(random.below(0) == 0)
    #expect(random.below(-5) == 0)
    #expect(random.int(9...9) == 9)
    _ = random.int(.min ... .max)
    let halves = (0..<2000).map { _ in random.unit() }
    #expect(halves.allSatisfy { $0 >= 0 && $0 < 1 })
    let mean: Double = halves.reduce(0, +) / 2000
    #expect(abs(mean - 0.5) < 0.03)
  }

  @Test("A shuffle keeps every element and puts each at the front alike often")
  func shuffles() {
    var random = SeededRandom(seed: 11)
    var front = [Int](repeating: 0, count: 5)
    for _ in 0..<5000 {
      let order = random.shuffled([0, 1, 2, 3, 4])
      #expect(order.sorted() == [0, 1, 2, 3, 4])
      front[order[0]] += 1
    }
    #expect(front.allSatisfy { abs($0 - 1000) < 150 })
    #expect(random.shuffled([Int]()).isEmpty)
    #expect(random.pick([Int]()) == nil)
  }

  @Test("An alias table draws each index in proportion to its weight")
  func aliases() {
    var random = SeededRandom(seed: 5)
    let table = AliasTable(weights: [1, 0, 3, 6, -2, .nan])
    var counts = [Int](repeating: 0, count: table.count)
    for _ in 0..<100_000 { counts[table.draw(&random)] += 1 }
    #expect(counts[1] + counts[4] + counts[5] <= 1)
    #expect(abs(counts[0] - 10_000) < 500)
    #expect(abs(counts[2] - 30_000) < 800)
    #expect(abs(counts[3] - 60_000) < 800)
    #expect(AliasTable(weights: []).draw(&random) == 0)
    let even = AliasTable(weights: [0, 0])
    #expect(Set((0..<100).map { _ in even.draw(&random) }) == [0, 1])
  }
}
