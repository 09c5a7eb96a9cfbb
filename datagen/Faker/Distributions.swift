extension SeededRandom {
  /// A draw of the standard normal distribution (polar method of George Marsaglia).
  public mutating func normal() -> Double {
    while true {
      let x = 2 * unit() - 1
      let y = 2 * unit() - 1
      let square = x * x + y * y
      if square > 0, square < 1 {
        return x * (-2 * PortableMath.log(square) / square).squareRoot()
      }
    }
  }

  /// A draw of the normal distribution.
  public mutating func normal(mean: Double, deviation: Double) -> Double {
    mean + deviation * normal()
  }

  /// A draw whose logarithm is normal.
  /// - Parameters:
  ///   - median: half of the draws lie below.
  ///   - sigma: the deviation of the logarithm.
  public mutating func lognormal(median: Double, sigma: Double) -> Double {
    median * PortableMath.exp(sigma * normal())
  }

  /// A draw of the exponential distribution.
  public mutating func exponential(mean: Double) -> Double {
    -mean * PortableMath.log(1 - unit())
  }

  /// How many independent events happen where `mean` are expected; 0 for a mean that is not above 0.
  ///
  /// Below 30 by multiplying uniforms (Knuth); above, a normal draw with the same mean and
  /// variance, rounded, whose error is far below the deviation.
  public mutating func poisson(mean: Double) -> Int {
    guard mean > 0 else { return 0 }
    if mean > 30 {
      let draw = normal(mean: mean, deviation: mean.squareRoot()).rounded()
      return draw < 0 ? 0 : Int(min(draw, 9e15))
    }
    let limit = PortableMath.exp(-mean)
    var product = unit()
    var count = 0
    while product > limit {
      product *= unit()
      count += 1
    }
    return count
  }

  /// Failures before the first success of trials that each succeed with the given probability.
  /// - Returns: `Int.max` where the probability is not above 0; 0 where it is 1 or more.
  public mutating func geometric(_ probability: Double) -> Int {
    guard probability > 0 else { return .max }
    guard probability < 1 else { return 0 }
    let draw = PortableMath.log(1 - unit()) / PortableMath.log(1 - probability)
    return draw < 9e15 ? Int(draw) : .max
  }
}

/// Ranks 0, 1, 2 … whose probability falls as 1 ÷ (rank + 1)ˢ: few names are common, many rare.
public struct Zipf: Sendable {
  private let table: AliasTable

  /// A distribution over `count` ranks; one rank where `count` is below 1.
  public init(count: Int, exponent: Double = 1) {
    table = AliasTable(
      weights: (1...max(1, count)).map { PortableMath.pow(Double($0), -exponent) })
  }

  /// A rank.
  public func draw(_ random: inout SeededRandom) -> Int { table.draw(&random) }
}
