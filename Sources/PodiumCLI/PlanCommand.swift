import ArgumentParsing
import Basics
import Engines
import Lakehouse
import Podium
import Rendering
import Runner

extension Project {
  /// `plan`: what a run would do.
  var planCommand: Command<CommandAction> {
    Command(
      "plan", "Shows what a run would do and why, without doing it.", arguments: [.selectors],
      options: [.fullRefresh, .asOf] + Option.subset,
      examples: [
        Example("plan", "All tables."), Example("plan gold", "One layer."),
      ]
    ) { session in
      let lake = try session.lake()
      let graph = try session.graph()
      let request = try session.runRequest()
      try session.warnOfRecords(request, graph)
      let runner = Runner(lake: lake, graph: graph, engine: EngineProvider(lake: lake))
      let plans = try runner.plan(request)
      let strays = try runner.strays(request.selectors)
      if session.json {
        try session.print([
          "tables": .array(plans.map(\.json)),
          "warnings": .array(strays.map { .string($0.description) }),
        ])
        return .done
      }
      let working = plans.filter(\.works)
      if !working.isEmpty {
        try session.print(
          [ResultColumn("table", .text), ResultColumn("work", .text), ResultColumn("why", .prose)],
          working.map { [.text($0.table.description), .text($0.work), .text($0.why)] })
      }
      try session.out.write(
        working.isEmpty
          ? "Nothing is new: \(counted(plans.count, "table")) up to date.\n"
          : "\(counted(working.count, "table")) to run, \(plans.count - working.count) up to date.\n"
      )
      try session.out.flush()
      session.warn(of: strays)
      for plan in plans {
        for warning in plan.warnings { session.warn("\(plan.table): \(warning)") }
      }
      return .done
    }
  }

  /// `check`: examines declarations and SQL.
  var checkCommand: Command<CommandAction> {
    Command(
      "check", "Examines the declarations and their SQL, without data.",
      discussion: "Each problem is told with its file and line and the name of the rule."
    ) { session in
      let checker = Checker(tables: tables, engine: EngineProvider(lake: nil))
      let problems = try checker.problems()
      if session.json {
        try session.print(["problems": .array(problems.map(\.json))])
      } else {
        for problem in problems { try session.out.write(problem.description + "\n") }
        try session.out.write(
          problems.isEmpty
            ? "\(counted(tables.count, "table")), no problems.\n"
            : "\(counted(problems.count, "problem")).\n")
        try session.out.flush()
      }
      return problems.isEmpty ? .done : .failed
    }
  }
}

extension Problem {
  fileprivate var json: JSON {
    [
      "rule": .string(rule.rawValue), "table": .string(table.description),
      "file": .string(location.file), "line": .int(location.line), "message": .string(message),
    ]
  }
}

extension TablePlan {
  /// The work in a few words.
  var work: String {
    switch action {
    case .nothing: "nothing"
    case .takeFiles(let files, _): "take in \(counted(files, "file"))"
    case .addColumns(let names): "add \(counted(names.count, "column"))"
    case .newRows(let versions):
      "read \(counted(versions.reduce(0) { $0 + $1.to - $1.from + 1 }, "new version"))"
    case .touched(let touched):
      touched.values == 0
        ? "note new versions"
        : "compute \(counted(touched.values, touched.partitions.isEmpty ? "key" : "partition"))"
    case .rebuild: "compute whole"
    case .retry: "finish"
    case .afterInputs: "follow its inputs"
    }
  }

  var why: String {
    switch action {
    case .nothing: "up to date"
    case .takeFiles(_, let bytes): bytesText(bytes)
    case .addColumns(let names): names.joined(separator: ", ")
    case .newRows(let versions): versions.words + versions.size
    case .touched(let touched):
      touched.versions.words + touched.values(of: touched.columns)
        + (touched.values == 0 ? "" : "; reads \(sizeText(touched.rows, touched.bytes))")
    case .rebuild(let reason, let bytes):
      reason + (bytes.map { $0 > 0 ? "; reads \(bytesText($0))" : "" } ?? "")
    case .retry(let run): "run \(run) did not finish it"
    case .afterInputs(let inputs):
      inputs.map(\.description).joined(separator: ", ") + " will change"
    }
  }

  fileprivate var json: JSON {
    var members: [JSON.Member] = [
      .init("table", .string(table.description)), .init("work", .string(work)),
      .init("why", .string(why)), .init("runs", .bool(works)),
    ]
    switch action {
    case .takeFiles(let files, let bytes):
      members += [.init("files", .int(files)), .init("bytes", .int(bytes))]
    case .newRows(let versions): members.append(.init("versions", versions.json))
    case .touched(let touched):
      members += [
        .init("versions", touched.versions.json),
        .init("columns", .array(touched.columns.map(JSON.string))),
        .init("values", .int(touched.values)),
        .init("partitions", .array(touched.partitions.map(JSON.string))),
        .init("rows", .optional(touched.rows)), .init("bytes", .int(touched.bytes)),
      ]
    case .rebuild(_, let bytes): members.append(.init("bytes", .optional(bytes)))
    case .nothing, .addColumns, .retry, .afterInputs: break
    }
    members.append(.init("warnings", .array(warnings.map(JSON.string))))
    return .object(members)
  }
}

extension [TablePlan.NewVersions] {
  /// `silver.members@4, silver.visits@7-9`.
  fileprivate var words: String {
    map {
      $0.from == $0.to ? "\($0.input)@\($0.to)" : "\($0.input)@\($0.from)-\($0.to)"
    }.joined(separator: ", ")
  }

  /// How much they brought, to be added to the words.
  fileprivate var size: String {
    let rows = reduce(Int64?(0)) { sum, version in
      sum.flatMap { sum in version.rows.map { sum &+ $0 } }
    }
    return ": " + sizeText(rows, reduce(0) { $0 &+ $1.bytes })
  }

  fileprivate var json: JSON {
    .array(
      map {
        [
          "input": .string($0.input.description), "from": .int($0.from), "to": .int($0.to),
          "rows": .optional($0.rows), "bytes": .int($0.bytes),
        ]
      })
  }
}

extension TablePlan.Touched {
  /// `: day 2025-03-01, 2025-03-02 …`, to be added to the words; empty where nothing is touched.
  fileprivate func values(of columns: [String]) -> String {
    guard values > 0 else { return ": touches no row" }
    let names = columns.joined(separator: ", ")
    guard !partitions.isEmpty else { return ": by \(names)" }
    return ": \(names) \(partitions.joined(separator: ", "))"
      + (values > Int64(partitions.count) ? " …" : "")
  }
}

/// `1,204 rows, 34 kB`.
private func sizeText(_ rows: Int64?, _ bytes: Int64) -> String {
  (rows.map { "\(counted($0, "row")), " } ?? "") + bytesText(bytes)
}
