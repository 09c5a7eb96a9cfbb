/// Logarithm and exponential made of IEEE 754 additions, multiplications and divisions alone.
///
/// A C library may round its own in the last digit as it likes, so two machines could draw
/// different values from the same seed. These give the same bits everywhere, to about 1e-15.
public enum PortableMath {
  /// The natural logarithm; minus infinity for 0, not a number below.
  ///
  /// With x = m · 2ᵏ and s = (m − 1) ÷ (m + 1), ln m = 2 (s + s³/3 + s⁵/5 + …).
  public static func log(_ x: Double) -> Double {
    guard x > 0 else { return x == 0 ? -.infinity : .nan }
    guard x.isFinite else { return x }
    var mantissa = x.significand
    var exponent = Double(x.exponent)
    if mantissa > 1.414_213_562_373_095 {
      mantissa /= 2
      exponent += 1
    }
    let s = (mantissa - 1) / (mantissa + 1)
    let square = s * s
    var sum = 0.0
    for divisor in stride(from: 23.0, through: 1, by: -2) { sum = sum * square + 1 / divisor }
    return 2 * s * sum + exponent * 0.693_147_180_559_945_3
  }

  /// e to the power of x; infinity above 709.7, 0 below -745.
  ///
  /// With x = k · ln 2 + r and |r| ≤ ln 2 ÷ 2, eˣ = 2ᵏ · (1 + r + r²/2! + …).
  public static func exp(_ x: Double) -> Double {
    guard x == x else { return x }
    if x > 709.7 { return .infinity }
    if x < -745 { return 0 }
    let k = (x / 0.693_147_180_559_945_3).rounded()
    let r = (x - k * 0.693_147_180_369_123_8) - k * 1.908_214_929_270_587_7e-10
    var sum = 1.0
    for divisor in stride(from: 14.0, through: 1, by: -1) { sum = sum * r / divisor + 1 }
    let half = Int(k) / 2
    return sum * Double(sign: .plus, exponent: half, significand: 1)
      * Double(sign: .plus, exponent: Int(k) - half, significand: 1)
  }

  /// `base` to the power of `exponent`, for a base above 0.
  public static func pow(_ base: Double, _ exponent: Double) -> Double {
    exp(exponent * log(base))
  }
}
