import Faker

/// Faults of profiles that stay with a member, in every system that shows the profile.
struct ProfileFaults: Sendable {
  private let seed: UInt64
  private let quirks: Double

  init(_ settings: GymSettings) {
    seed = settings.seed
    quirks = settings.quirks
  }

  /// True for a member of whom no gender is told.
  func lacksGender(_ member: Int) -> Bool { hits("gender", member) }

  /// True for a member whose e-mail address is written in mixed case.
  func mixesCase(_ member: Int) -> Bool { hits("email", member) }

  private func hits(_ field: String, _ member: Int) -> Bool {
    guard quirks > 0 else { return false }
    var random = SeededRandom(seed: seed, "quirk/\(field)", UInt64(member))
    return random.chance(quirks)
  }

  /// An address with a capital at the beginning of each of its parts.
  static func mixedCase(_ email: String) -> String {
    var bytes = Array(email.utf8)
    var atStart = true
    for index in bytes.indices {
      if atStart, bytes[index] &- 0x61 < 26 { bytes[index] &-= 0x20 }
      atStart = bytes[index] == 0x2E || bytes[index] == 0x40
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
