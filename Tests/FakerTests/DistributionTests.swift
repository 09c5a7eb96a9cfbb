import Faker
import Glibc
import Testing

@Suite("The distributions")
struct DistributionTests {
  private func draws(_ count: Int = 40_000, _ draw: (inout SeededRandom) -> Double) -> [Double] {
    var random = SeededRandom(seed: 2025)
    return (0..<count).map { _ in draw(&random) }
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  private func deviation(_ values: [Double]) -> Double {
    let mean = mean(values)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
  }

  @Test("Logarithm and exponential agree with the C library to fifteen digits")
  func portableMath() {
    var random = SeededRandom(seed: 3)
    for _ in 0..<5000 {
      let x = PortableMath.exp(random.unit() * 80 - 40)
      #expect(abs(PortableMath.log(x) - Glibc.log(x)) <= 4e-15 * max(1, abs(Glibc.log(x))))
      let y = random.unit() * 1400 - 700
      #expect(abs(PortableMath.exp(y) / Glibc.exp(y) - 1) < 4e-13)
    }
    #expect(PortableMath.log(1) == 0)
    #expect(PortableMath.exp(0) == 1)
    #expect(PortableMath.log(0) == -.infinity)
    #expect(PortableMath.log(-1).isNaN)
    #expect(PortableMath.exp(1000) == .infinity)
    #expect(PortableMath.exp(-1000) == 0)
    #expect(abs(PortableMath.pow(2, 10) - 1024) < 1e-9)
  }

  @Test("Normal draws have the mean and deviation asked for")
  func normal() {
    let values = draws { $0.normal(mean: 5, deviation: 2) }
    #expect(abs(mean(values) - 5) < 0.05)
    #expect(abs(deviation(values) - 2) < 0.05)
    let inside = values.filter { abs($0 - 5) < 2 }.count
    #expect(abs(Double(inside) / 40_000 - 0.6827) < 0.01)
  }

  @Test("Lognormal draws have the median asked for")
  func lognormal() {
    let values = draws { $0.lognormal(median: 3, sigma: 0.5) }.sorted()
    #expect(abs(values[20_000] - 3) < 0.05)
    #expect(abs(values[33_654] / 3 - Glibc.exp(0.5)) < 0.05)
  }

  @Test("Exponential and Poisson draws have the mean asked for, Poisson also as variance")
  func arrivals() {
    let waits = draws { $0.exponential(mean: 4) }
    #expect(abs(mean(waits) - 4) < 0.1)
    for expected in [0.3, 7.0, 120.0] {
      let counts = draws { Double($0.poisson(mean: expected)) }
      #expect(abs(mean(counts) / expected - 1) < 0.02)
      #expect(abs(deviation(counts) / expected.squareRoot() - 1) < 0.02)
    }
    var random = SeededRandom(seed: 1)
    #expect(random.poisson(mean: 0) == 0)
    #expect(random.poisson(mean: -1) == 0)
    #expect(random.poisson(mean: .nan) == 0)
  }

  @Test("Geometric draws count the failures before a success")
  func geometric() {
    #expect(abs(mean(draws { Double($0.geometric(0.02)) }) - 49) < 1)
    var random = SeededRandom(seed: 1)
    #expect(random.geometric(0) == .max)
    #expect(random.geometric(1) == 0)
  }

  @Test(
    "Zipf's first rank is drawn twice as often as the second and ten times as often as the tenth")
  func zipf() {
    let zipf = Zipf(count: 50)
    var random = SeededRandom(seed: 9)
    var counts = [Int](repeating: 0, count: 50)
    for _ in 0..<200_000 { counts[zipf.draw(&random)] += 1 }
    #expect(abs(Double(counts[0]) / Double(counts[1]) - 2) < 0.1)
    #expect(abs(Double(counts[0]) / Double(counts[9]) - 10) < 0.8)
  }
}
