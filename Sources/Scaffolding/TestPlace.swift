import Basics
import Podium
import Storage

/// Where a new table's test goes, and what is missing for it there.
struct TestPlace {
  /// The folder, in full.
  let folder: String
  let leftToDo: [String]

  /// Takes the folder that is asked for, or finds the one whose tests import the project's tables.
  init(of place: TablePlace, in project: ProjectFolder, _ asked: String?) throws {
    let target: String
    if let asked {
      folder = absolutePath(asked)
      target = lastPathComponent(folder)
    } else {
      let modules = Set(project.lists.compactMap { project.module(of: $0.source.path) })
        .union([place.module])
      let withKit = project.testTargets(importing: [["PodiumTesting"], modules])
      let found = withKit.isEmpty ? project.testTargets(importing: [modules]) : withKit
      let own = project.testTargets(importing: [[place.module]]).filter(found.contains)
      let best = found.count > 1 && own.count == 1 ? own : found
      guard best.count < 2 else { throw ScaffoldError.severalTests(best.map { "Tests/\($0)" }) }
      target = best.first ?? "\(place.module)Tests"
      folder = "\(project.root)/Tests/\(target)"
    }
    let kit = ".product(name: \"PodiumTesting\", package: \"podium\")"
    if !project.manifest.contains("\"\(target)\"") && project.tests(in: target).isEmpty {
      leftToDo = [
        "add a target to Package.swift: .testTarget(name: \"\(target)\", dependencies: "
          + "[\"\(place.module)\", \(kit)])"
      ]
    } else if !project.manifest.contains("PodiumTesting") {
      leftToDo = ["add \(kit) to the dependencies of \(target) in Package.swift"]
    } else {
      leftToDo = []
    }
  }
}

extension ProjectFolder {
  /// The files of a test target.
  func tests(in target: String) -> [Source] {
    tests.filter { $0.path.hasPrefix("Tests/\(target)/") }
  }

  /// The folders of tests in which some file imports a module of each of some sets.
  func testTargets(importing sets: [Set<String>]) -> [String] {
    var found: [String] = []
    for source in tests {
      let parts = source.path.split(separator: "/")
      guard parts.count > 2, !found.contains(String(parts[1])) else { continue }
      let imports = source.text.split(separator: "\n").compactMap { line -> String? in
        let words = line.split(separator: " ")
        guard let place = words.firstIndex(of: "import"), place < 2, place + 1 < words.count,
          line.first?.isWhitespace == false
        else { return nil }
        return String(words[place + 1])
      }
      if sets.allSatisfy({ !$0.isDisjoint(with: imports) }) { found.append(String(parts[1])) }
    }
    return found
  }
}
