import CLITestKit
import RunnerTestKit
import TestKit

/// Files of the trackers, made of the one that the generator wrote for the gym's last day.
struct Activity {
  /// The header and the records, without line ends.
  var lines: [String]

  /// The generated file, its day replaced by one of January 2025.
  init(day: Int) throws {
    let text = try Files.text(
      "\(try Gym.fresh.get().path)/landing/daily_activity/daily_activity_2025-01-02.csv")
    lines = text.replacing("1/2/2025", with: "1/\(day)/2025").split(separator: "\n")
      .map(String.init)
  }

  /// How many records it has.
  var records: Int { lines.count - 1 }

  /// The file's bytes.
  func bytes(lineEnd: String = "\n") -> [UInt8] {
    Array(lines.map { $0 + lineEnd }.joined().utf8)
  }

  /// The same with one physical line, counted from 1, changed.
  func with(line: Int, _ change: (String) -> String) -> Activity {
    var copy = self
    copy.lines[line - 1] = change(lines[line - 1])
    return copy
  }

  /// The same with all lines changed.
  func mapped(_ change: (String) -> String) -> Activity {
    var copy = self
    copy.lines = lines.map(change)
    return copy
  }
}

/// A file of the members' change feed in CSV, with one member of a personal name.
struct MemberFile {
  static let header =
    "sequence,op,changed_at,member_id,full_name,email,phone,city,state,birth_year,gender,"
    + "home_club,device_id,signup_date,email_consent\n"

  /// The line of one new member.
  static func record(
    _ number: Int, name: String = Personal.name, email: String = Personal.email,
    phone: String = Personal.phone, city: String = "Reno"
  ) -> String {
    "9\(number),insert,2025-01-02T10:00:00Z,M9\(number),\(name),\(email),\(phone),\(city),NV,1980,"
      + "female,L01,,2025-01-02,true\n"
  }
}
