import Basics
import Podium
import Runner

extension Forgetting {
  /// What it was asked for, naming nobody.
  var words: String { "forget" }

  var json: JSON {
    [
      "kind": "forget", "id": .string(id), "asOf": .string(asOf.description),
      "keys": .object(
        keys.values.sorted { $0.key.name < $1.key.name }.map {
          JSON.Member($0.key.name, .array($0.value.sorted().map(JSON.string)))
        }),
      "traces": .array(traces.map(JSON.string)),
      "files": .array(
        files.map {
          [
            "path": .string($0.path), "bytes": .int($0.bytes), "hash": .int($0.hash),
            "records": .int($0.records),
          ]
        }),
      "unreadable": .array(unreadable.map(JSON.string)),
      "removesUnreadable": .bool(removesUnreadable),
      "steps": .array(
        steps.map {
          [
            "name": .string($0.name), "environment": .optional($0.environment),
            "folder": .string($0.folder), "from": .int($0.from), "rows": .int($0.rows),
          ]
        }),
      "environments": .array(environments.map(JSON.string)),
      "matched": .int(matched), "shared": .int(shared),
    ]
  }

  init?(_ json: JSON) {
    guard json["kind"]?.string == "forget", let id = json["id"]?.string,
      let asOf = (json["asOf"]?.string).flatMap(CivilDate.init),
      let keys = json["keys"]?.object, let traces = json["traces"]?.array,
      let files = json["files"]?.array, let steps = json["steps"]?.array
    else { return nil }
    self.id = id
    self.asOf = asOf
    self.keys = PersonKeys(
      Dictionary(
        keys.map { (Identity($0.name), Set(($0.value.array ?? []).compactMap(\.string))) }
      ) { first, _ in first })
    self.traces = traces.compactMap(\.string)
    self.files = files.compactMap { file in
      guard let path = file["path"]?.string, let hash = file["hash"]?.int else { return nil }
      return File(
        path: path, bytes: file["bytes"]?.int ?? 0, hash: hash,
        records: file["records"]?.int ?? 0)
    }
    self.steps = steps.compactMap { step in
      guard let name = step["name"]?.string, let folder = step["folder"]?.string,
        let from = step["from"]?.int
      else { return nil }
      return Step(
        name: name, environment: step["environment"]?.string, folder: folder, from: from,
        rows: step["rows"]?.int ?? 0)
    }
    guard self.files.count == files.count, self.steps.count == steps.count else { return nil }
    unreadable = (json["unreadable"]?.array ?? []).compactMap(\.string)
    removesUnreadable = json["removesUnreadable"]?.bool ?? false
    environments = (json["environments"]?.array ?? []).compactMap(\.string)
    matched = Int(clamping: json["matched"]?.int ?? 0)
    shared = Int(clamping: json["shared"]?.int ?? 0)
  }
}
