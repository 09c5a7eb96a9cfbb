import Basics
import DataGen
import Faker
import Glibc
import Storage

/// Seconds of processor time this process has used on all cores, its own and the kernel's for it.
func processorSeconds() -> (user: Double, system: Double) {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
  return (seconds(usage.ru_utime), seconds(usage.ru_stime))
}

func millions(_ value: Double) -> String { "\(Double(Int(value / 1e4)) / 100) million" }

func measureProfiles() {
  var faker = Faker(seed: 42)
  let begin = processorSeconds()
  var bytes = 0
  for _ in 0..<1_000_000 { bytes &+= faker.profile().email.utf8.count }
  let seconds = processorSeconds().user - begin.user
  print("profiles: \(millions(1e6 / seconds))/s and core (\(bytes) bytes of e-mail)")
}

func measureGym(_ options: GymOptions, width: Int, root: String) throws {
  let begin = processorSeconds()
  let clock = monotonicSeconds()
  let summary = try GymGenerator(options, width: width)
    .generate(into: LocalStore(root: root, rights: .ownerOnly))
  let end = processorSeconds()
  let user = end.user - begin.user
  let seconds = user + end.system - begin.system
  let wall = monotonicSeconds() - clock
  for source in summary.sources {
    print("  \(source.source.rawValue): \(source.rows) rows, \(source.bytes) bytes")
  }
  print(
    "gym: \(summary.rows) rows in \(wall) s, \(seconds) s of processor (\(user) s without the kernel);"
      + " \(millions(Double(summary.rows) / seconds)) rows/s and core,"
      + " \(millions(Double(summary.rows) / user)) without the kernel,"
      + " \(millions(Double(summary.rows) / wall)) rows/s")
}

// gym-bench profiles | gym-bench <folder> <members> <clubs> <days> <width> [<sources>]
let words = CommandLine.arguments.dropFirst().map { $0 }
if words.count >= 5, let members = Int(words[1]), let clubs = Int(words[2]),
  let days = Int(words[3]), let width = Int(words[4])
{
  let sources = try words.dropFirst(5).map { try GymSource(named: $0) }
  try measureGym(
    GymOptions(
      members: members, clubs: clubs, days: days, sources: sources.isEmpty ? nil : sources),
    width: width, root: words[0])
} else {
  for _ in 0..<3 { measureProfiles() }
}
