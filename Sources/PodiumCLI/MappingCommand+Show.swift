import Basics
import Engines
import Lakehouse
import Landing
import Rendering
import Scaffolding
import Storage

extension MappingGuess {
  /// Writes the mapping; one that is there and says something else stays unless it is replaced.
  func write(to place: FilePlace, replacing: Bool) throws {
    let (store, name, path) = (place.store, place.name, place.address)
    let bytes = Array(mapping.text.utf8)
    if try store.info(name) != nil, !replacing {
      let there = (try? store.read(name)).flatMap { try? HeaderMapping(parsing: $0, path) }
      guard there == mapping else { throw ScaffoldError.otherMapping(path) }
      return
    }
    do {
      try store.createFolder("")
      try store.put(name, bytes)
    } catch {
      throw ScaffoldError.cannotWrite(path)
    }
  }
}

extension Session {
  /// The guess as a table, with what somebody should look at.
  func show(_ guess: MappingGuess, _ path: String, isWritten: Bool) throws {
    if json {
      try print([
        "mapping": guess.mapping.json, "path": .string(path), "written": .bool(isWritten),
        "matches": .array(guess.matches.map(\.json)),
        "missing": .array(
          guess.missing.map { ["column": .string($0.column), "neededBy": .string($0.table)] }),
        "absent": .array(guess.absent.map(JSON.string)),
      ])
    } else {
      try print(
        [
          ResultColumn("header", .text), ResultColumn("column", .text),
          ResultColumn("sure", .number), ResultColumn("by", .text), ResultColumn("sample", .text),
          ResultColumn("personal", .text),
        ],
        guess.matches.map { match in
          [
            .text(printable(match.header)), .text(match.column ?? "–"),
            .text(match.column == nil ? "" : "\(Int(match.confidence * 100 + 0.5)) %"),
            .text(match.reason), .text(match.sample), .text(match.isPersonal ? "yes" : ""),
          ]
        })
      if isWritten { try out.write("written: \(printable(path))\n") }
      try out.flush()
    }
    if !guess.absent.isEmpty {
      say("no header is \(guess.absent.joined(separator: ", ")); nothing needs a value there.")
    }
    for match in guess.matches where match.isPersonal {
      if match.column == nil {
        warn(
          "'\(printable(match.header))' looks personal and goes to _rescued, which only the owner may "
            + "read.")
      } else if match.isUndeclared {
        warn(
          "'\(printable(match.header))' looks personal, and \(match.column ?? "") is not declared so."
        )
      }
    }
    for match in guess.matches where match.column != nil && match.confidence < 0.75 {
      warn("look at '\(printable(match.header))': it may not be \(match.column ?? "").")
    }
  }
}

extension HeaderMapping {
  var json: JSON {
    [
      "table": .string(table),
      "columns": .object(pairs.map { JSON.Member($0.header, .string($0.column)) }),
      "unmapped": .array(unmapped.map(JSON.string)),
    ]
  }
}

extension MappingGuess.Match {
  fileprivate var json: JSON {
    [
      "header": .string(header), "column": .optional(column),
      "confidence": .number(fixed(confidence, decimals: 2)), "reason": .string(reason),
      "sample": .string(sample), "personal": .bool(isPersonal),
    ]
  }
}
