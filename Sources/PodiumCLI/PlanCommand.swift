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
      options: [.fullRefresh, .asOf],
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
    case .newRows(let versions):
      versions.map {
        $0.from == $0.to ? "\($0.input)@\($0.to)" : "\($0.input)@\($0.from)-\($0.to)"
      }.joined(separator: ", ")
    case .rebuild(let reason): reason
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
    case .newRows(let versions):
      members.append(
        .init(
          "versions",
          .array(
            versions.map {
              [
                "input": .string($0.input.description), "from": .int($0.from), "to": .int($0.to),
              ]
            })))
    case .nothing, .addColumns, .rebuild, .retry, .afterInputs: break
    }
    members.append(.init("warnings", .array(warnings.map(JSON.string))))
    return .object(members)
  }
}
