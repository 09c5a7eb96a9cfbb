import Basics
import CLITestKit
import Glibc
import RunnerTestKit
import Storage
import TestKit
import Testing

extension Gym {
  /// Expects that no name, e-mail or phone of the landing files stands in what a run said or wrote
  /// down, the logs of the tables included.
  func expectNothingPersonal(
    _ outcome: Program.Outcome, _ sourceLocation: Testing.SourceLocation
  ) throws {
    let values = try Gym.personalValues.get()
    #expect(values.count >= 90, sourceLocation: sourceLocation)
    var texts = [
      ("standard output", Array(outcome.output.utf8)),
      ("standard error", Array(outcome.errors.utf8)),
    ]
    for file in Files.all(below: path) {
      let name = String(file.dropFirst(path.count))
      guard name.hasPrefix("/.podium/") || name.contains("/_delta_log/") else { continue }
      texts.append((name, try Files.read(file)))
    }
    for (name, bytes) in texts {
      #expect(found(values, in: bytes) == [], "\(name)", sourceLocation: sourceLocation)
    }
  }

  /// Names, e-mails and phones of the generated landing files, and `Personal.marks`.
  private static let personalValues = Result { () throws -> [String] in
    var values = Set(Personal.marks)
    let columns = ["full_name", "email", "phone", "instructor_name", "instructor_email"]
    for folder in ["members", "schedule"] {
      for file in Files.all(below: "\(try fresh.get().path)/landing/\(folder)") {
        for line in try Files.text(file).split(separator: "\n") {
          let record = try JSON(parsing: Array(line.utf8))
          values.formUnion(columns.compactMap { record[$0]?.string })
        }
      }
    }
    return values.sorted()
  }
}

/// Personal values that tests put into bad files.
enum Personal {
  static let name = "Zelda Quixotish"
  static let email = "zelda.quixotish@example.net"
  static let phone = "(555) 010-9876"
  /// Parts of those, so that no half of a value is found either.
  static let marks = ["Zelda", "Quixotish", "quixotish", "010-9876", "5550109876"]
}

/// Those of some texts that stand somewhere in a file's bytes.
private func found(_ values: [String], in bytes: [UInt8]) -> [String] {
  // The C library searches fast even in a debug build, up to the first NUL.
  var bytes = bytes + [0]
  return bytes.withUnsafeMutableBufferPointer { buffer in
    guard let start = buffer.baseAddress else { return [] }
    let last = buffer.count - 1
    var place = 0
    while let nul = memchr(start + place, 0, last - place) {
      place = nul - UnsafeMutableRawPointer(start)
      start[place] = 1
    }
    return start.withMemoryRebound(to: CChar.self, capacity: buffer.count) { text in
      values.filter { strstr(text, $0) != nil }
    }
  }
}
