import CLITestKit
import Glibc
import RunnerTestKit
import TestKit
import Testing

@Suite("Files that cannot be read")
struct UnreadableTests {
  @Test("Folders, pipes, devices and links that lead nowhere are told, and mended ones are read")
  func noFiles() throws {
    let gym = try Gym.finished.get().copy()
    let folder = "\(gym.path)/landing/daily_activity"
    try Files.makeFolder("\(folder)/folder.csv")
    try #require(mkfifo("\(folder)/pipe.csv", 0o600) == 0)
    let links = [
      ("dead", "nowhere"), ("loop", "loop.csv"), ("memory", "/proc/self/mem"),
      ("device", "/dev/zero"),
    ]
    for (name, target) in links { try #require(symlink(target, "\(folder)/\(name).csv") == 0) }
    let good = try Activity(day: 3)
    try gym.lake.land("daily_activity/good.csv", bytes: good.bytes())

    let outcome = try gym.run(expecting: 0)
    #expect(
      try outcome.refused("bronze.daily_activity")
        == [
          "folder": "it is a folder, not a file; give the folder a name that does not end like a "
            + "file's",
          "pipe": "it is not a regular file; put a file that can be read in its place",
          "dead": "there is no such file; upload it again, or remove the link that leads nowhere",
          "loop": "there is no such file; upload it again, or remove the link that leads nowhere",
          "memory": "Input/output error; put a file that can be read in its place",
          "device": "it is not a regular file; put a file that can be read in its place",
        ].reduce(into: [:]) { words, file in
          words["\(file.key).csv"] =
            "daily_activity/\(file.key).csv: could not read \(folder)/\(file.key).csv: \(file.value)"
        })
    #expect(try outcome.rows("bronze.daily_activity", "inserted") == Int64(good.records))
    #expect(try gym.run(expecting: 0).refused("bronze.daily_activity") == [:])

    var mended = [("daily_activity/good.csv", good.bytes())]
    for (day, name) in ["folder", "pipe", "dead", "loop", "memory", "device"].enumerated() {
      Files.remove("\(folder)/\(name).csv")
      mended.append(("daily_activity/\(name).csv", try Activity(day: day + 4).bytes()))
    }
    for (name, bytes) in mended.dropFirst() { try gym.lake.land(name, bytes: bytes) }
    try gym.recover(like: try Gym.finished(with: mended))
  }

  @Test(
    "A file without read permission is told, and read once it has it",
    .enabled(if: geteuid() != 0, "root reads every file"))
  func noPermission() throws {
    let gym = try Gym.finished.get().copy()
    let good = try Activity(day: 3).bytes()
    try gym.lake.land("daily_activity/closed.csv", bytes: good)
    let file = "\(gym.path)/landing/daily_activity/closed.csv"
    try #require(chmod(file, 0) == 0)
    let refused = try gym.run(expecting: 0).refused("bronze.daily_activity")
    #expect(
      refused["closed.csv"] == "daily_activity/closed.csv: could not read \(file): permission "
        + "denied; let the user that this runs as read it")
    try #require(chmod(file, 0o600) == 0)
    try gym.recover(like: try Gym.finished(with: [("daily_activity/closed.csv", good)]))
  }
}
