import Basics

/// How much of what takes long is done: a part of it as a rule, all of it where `PODIUM_NIGHTLY` is
/// set, as `make nightly` does.
public enum Nightly {
  public static let isOn = environment("PODIUM_NIGHTLY") != nil

  /// One of two numbers.
  public static func count(_ usual: Int, atNight: Int) -> Int { isOn ? atNight : usual }
}
