import Basics
import DeltaLake
import Engines
import Glibc
import Lakehouse
import Storage

// Times what Podium does with one Delta table, the engine being open; prints JSON.
//
// delta-bench merge TABLE KEY SOURCE…     upserts Parquet files, one after another
// delta-bench open TABLE                  reads the log up to the newest state
// delta-bench append TABLE SOURCE         makes a table of a Parquet file's rows
// delta-bench optimize TABLE BYTES|auto [COLUMN…]   compacts, or stores along a Z-order curve
// delta-bench scan TABLE SQL              answers an SQL expression over all rows, such as sum(x)
// delta-bench day TABLE COLUMN DATE       counts the rows of one day

let words = CommandLine.arguments.dropFirst().map { $0 }
guard words.count >= 2 else { throw BenchError(text: "usage: delta-bench WORK TABLE …") }
print(try DeltaBench(table: words[1]).answer(words[0], Array(words.dropFirst(2))).text)

struct BenchError: Error, CustomStringConvertible {
  let text: String
  var description: String { text }
}

/// Seconds of processor time that this process has used on all cores.
func processorSeconds() -> Double {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
  return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

/// Seconds of the wall clock that some work takes.
func timed(_ work: () throws -> Void) rethrows -> JSON {
  let began = monotonicSeconds()
  try work()
  return .number("\(monotonicSeconds() - began)")
}

/// One table and an engine that is open.
struct DeltaBench {
  let session: EngineSession
  let table: DeltaTable

  init(table path: String) throws {
    let session = try EngineProvider(lake: nil).session()
    self.session = session
    table = DeltaTable(store: LocalStore(root: absolutePath(path))) { DuckDBParquet(session) }
  }

  func answer(_ work: String, _ words: [String]) throws -> JSON {
    switch work {
    case "merge": try merge(words)
    case "open": try open()
    case "append": try append(words.first ?? "")
    case "optimize": try optimize(words)
    case "scan": try scan(words.first ?? "count(*)")
    case "day": try day(words)
    default: throw BenchError(text: "'\(work)' is no work")
    }
  }

  func merge(_ words: [String]) throws -> JSON {
    guard let key = words.first else { throw BenchError(text: "merge needs a key") }
    var seconds: [JSON] = []
    var cpu: [JSON] = []
    var bytes: Int64 = 0
    for path in words.dropFirst() {
      let source = try session.stage("source", as: "FROM read_parquet(\(sqlLiteral(path)))")
      defer { session.drop(table: source) }
      let before = processorSeconds()
      seconds.append(
        try timed {
          bytes += try table.merge(
            Relation(source), table.snapshot(), keys: [key], whenMatched: [.init(.update)]
          ) { _ in Transaction("MERGE", isBlindAppend: false) }.addedBytes
        })
      cpu.append(.number("\(processorSeconds() - before)"))
    }
    return ["seconds": .array(seconds), "cpu": .array(cpu), "bytes": .int(bytes)]
  }

  func open() throws -> JSON {
    var files = 0
    let seconds = try (0..<3).map { _ in
      // A table object goes on from what it read before.
      let table = DeltaTable(store: table.store) { [session] in DuckDBParquet(session) }
      return try timed { files = try table.snapshot().files.count }
    }
    return ["seconds": .array(seconds), "files": .int(files)]
  }

  func append(_ path: String) throws -> JSON {
    let source = try session.stage("source", as: "FROM read_parquet(\(sqlLiteral(path)))")
    guard let file = try DuckDBParquet(session).inspect([path]).first else {
      throw BenchError(text: "\(path) tells nothing")
    }
    let metadata = Metadata(id: randomUUID(), schema: file.schema, createdTime: 0)
    return [
      "seconds": try timed {
        let base = try table.create(
          metadata, transaction: Transaction("CREATE TABLE", isBlindAppend: true))
        _ = try table.append(
          Relation(source), base, transaction: Transaction("WRITE", isBlindAppend: true))
      }
    ]
  }

  func optimize(_ words: [String]) throws -> JSON {
    let size = words.first.flatMap { Int64($0) }
    return [
      "seconds": try timed {
        _ = try table.optimize(
          OptimizeRequest(targetSize: size, zOrderBy: Array(words.dropFirst())), table.snapshot(),
          transaction: Transaction("OPTIMIZE", isBlindAppend: false))
      }
    ]
  }

  func scan(_ expression: String) throws -> JSON {
    var answer = Value.null
    let seconds = try timed {
      let rows = try DuckDBParquet(session).scan(table.scan(table.snapshot()))
      answer = try session.row("SELECT \(expression) FROM \(rows.name)").first ?? .null
    }
    return ["seconds": seconds, "answer": answer.json]
  }

  func day(_ words: [String]) throws -> JSON {
    guard words.count == 2 else { throw BenchError(text: "day needs a column and a date") }
    let (column, date) = (words[0], words[1])
    let state = try table.snapshot()
    guard let value = PredicateValue(date, as: .date) else {
      throw BenchError(text: "'\(date)' is no date")
    }
    let pruned = state.files(matching: .compare(column, .equal, value))
    let rows = try DuckDBParquet(session).scan(table.scan(pruned.files, state))
    let count = try session.count(
      "SELECT count(*) FROM \(rows.name) WHERE \(sqlName(column)) = DATE \(sqlLiteral(date))")
    return [
      "rows": .int(count), "files": .int(pruned.files.count), "bytes": .int(pruned.bytes),
      "skippedFiles": .int(pruned.skippedFiles), "skippedBytes": .int(pruned.skippedBytes),
    ]
  }
}
