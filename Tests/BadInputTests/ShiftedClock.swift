import CLITestKit
import Glibc
import RunnerTestKit
import TestKit

/// A gym whose programs see another time of day than the machine's.
struct ShiftedClock {
  let gym: Gym
  private let file = Result { try TemporaryFolder() }
  private let library = Result { try builtProgram("libClockShift.so") }

  /// By how many seconds the clock is wrong; a program that runs sees a change at once.
  func set(_ seconds: Int) throws {
    try Files.write("\(seconds)", to: try file.get().file("shift.new"))
    let folder = try file.get()
    guard rename(folder.file("shift.new"), folder.file("shift")) == 0 else {
      throw TestKitError(call: "rename \(folder.path)")
    }
  }

  /// What a program needs to see it.
  var environment: [String: String] {
    get throws {
      [
        "LD_PRELOAD": try library.get(),
        "PODIUM_TEST_CLOCK": try file.get().file("shift"),
      ]
    }
  }

  /// Gives the files that were written from a moment of the machine's clock on the times that a
  /// file system with the wrong clock gives.
  func stamp(since start: Int, by seconds: Int) throws {
    for file in Files.all(below: gym.path) {
      var facts = stat()
      guard stat(file, &facts) == 0 else { throw TestKitError(call: "stat \(file)") }
      let written = facts.st_mtim.tv_sec
      if written >= start, written <= time(nil) { try Files.age(file, to: written + seconds) }
    }
  }
}
