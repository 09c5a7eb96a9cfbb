import Basics
import Engines
import LakeCare
import Rendering

extension ForgetReport {
  /// The places that hold something, a line each.
  func lines(dryRun: Bool) -> [[Value]] {
    let landing = plan.files.reduce((Int64(0), Int64(0))) { ($0.0 &+ $1.records, $0.1 &+ $1.bytes) }
    var lines: [[Value]] = []
    if !plan.files.isEmpty {
      lines.append([
        .text("landing"), .text(grouped(landing.0)), .text(""), .text(bytesText(landing.1)),
      ])
    }
    for step in plan.steps {
      let removed = past.first { $0.name == step.shownName }?.removed
      guard step.rows > 0 || (removed?.files ?? 0) > 0 else { continue }
      lines.append([
        .text(step.shownName), .text(grouped(step.rows)),
        .text(removed.map { grouped($0.files) } ?? ""),
        .text(removed.map { bytesText($0.bytes) } ?? ""),
      ])
    }
    return lines
  }

  /// All of it; no id of anybody.
  func json(dryRun: Bool) -> JSON {
    [
      "dryRun": .bool(dryRun), "run": .string(plan.id), "rows": .int(plan.rows),
      "otherIds": .int(plan.matched), "sharedIds": .int(plan.shared),
      "landing": .array(
        plan.files.map { ["file": .string($0.path), "records": .int($0.records)] }),
      "tables": .array(
        plan.steps.filter { step in
          step.rows > 0 || past.contains { $0.name == step.shownName && $0.removed.files > 0 }
        }.map { step in
          let removed = past.first { $0.name == step.shownName }?.removed
          return [
            "table": .string(step.shownName), "rows": .int(step.rows),
            "pastFiles": .int(removed?.files ?? 0), "pastBytes": .int(removed?.bytes ?? 0),
          ]
        }),
      "computedLater": .array(
        later.map { ["table": .string($0.name), "reason": .string($0.reason)] }),
      "published": .array(published.map(JSON.string)), "logs": .array(logs.map(JSON.string)),
      "unreadable": .array(plan.unreadable.map { .string("landing/" + $0) }),
      "left": .array(left.map(JSON.string)), "seconds": .number(decimal(seconds)),
    ]
  }
}

extension Forgetting.Step {
  /// As people call it.
  fileprivate var shownName: String {
    environment.map { name.hasPrefix("tombstones") ? name : "\($0)_\(name)" } ?? name
  }
}
