import Basics
import DeltaLake
import Lakehouse
import Landing
import Podium
import Storage

/// What a run would do for one table.
public struct TablePlan: Hashable, Sendable {
  /// The work, in one word.
  public enum Action: Hashable, Sendable {
    case nothing
    /// Landing files to take in.
    case takeFiles(files: Int, bytes: Int64)
    /// Columns that the declaration gained and the files so far do not have.
    case addColumns([String])
    /// New versions of the inputs to read, with how many there are.
    case newRows([NewVersions])
    /// Rows that changes of the inputs touch.
    case touched(Touched)
    /// The whole table, why, and how many bytes its inputs have, where that is known.
    case rebuild(String, bytes: Int64?)
    /// A batch that an earlier run began and did not finish.
    case retry(run: String)
    /// Inputs that this run changes first.
    case afterInputs([TableName])
  }

  /// Versions of an input that a table has not consumed.
  public struct NewVersions: Hashable, Sendable {
    public let input: TableName
    /// The first of them.
    public let from: Int64
    public let to: Int64
    /// Rows of the files that came; nil where the log does not say.
    public let rows: Int64?
    /// Bytes of these files.
    public let bytes: Int64
  }

  /// What changes of a derived table's inputs touch.
  public struct Touched: Hashable, Sendable {
    public let versions: [NewVersions]
    /// The columns by whose values the touched rows are told.
    public let columns: [String]
    /// Combinations of their values.
    public let values: Int64
    /// The first few of them, where they are partitions.
    public let partitions: [String]
    /// Bytes and rows of the inputs' files that may be read.
    public let bytes: Int64
    public let rows: Int64?
  }

  public let table: TableName
  public let action: Action
  /// Landing files that changed after they were taken in, and files that cannot be opened.
  public let warnings: [String]

  /// True if the run would work on the table.
  public var works: Bool { action != .nothing }
}

extension Runner {
  /// What a run would do, without doing any of it.
  public func plan(_ request: RunRequest) throws -> [TablePlan] {
    let subset = try Subset.resolve(request.subset, lake, graph)
    let context = context(for: request, subset)
    // A plan wants the ledger for its hashes alone, and does without one that cannot be read.
    let ledger = try? Ledger.reading(lake)
    context.look(at: try graph.select(request.selectors))
    var changing: Set<TableName> = []
    var plans: [TablePlan] = []
    for table in try graph.select(request.selectors) {
      let plan = try plan(table, context, ledger, changing)
      if plan.works { changing.insert(table.name) }
      plans.append(plan)
    }
    return plans
  }

  private func plan(
    _ table: Table, _ context: RunContext, _ ledger: Ledger?, _ changing: Set<TableName>
  ) throws -> TablePlan {
    switch table.origin {
    case .landing(let source): return try planFiles(table, source, context, ledger)
    case .query(let query):
      let decider = try TableJob.decider(table, query, context)
      let decision = try decider.decide(context)
      let read = query.inputs.map(\.table) + table.referred
      let before = table.upstream.filter(read.contains).map(\.name).filter(changing.contains)
      let action: TablePlan.Action =
        switch decision {
        case .retry(let batch): .retry(run: batch.run)
        case .rebuild(let batch, let reason):
          .rebuild(reason.description, bytes: try bytes(of: batch, table, context))
        case .newRows(let batch): .newRows(try versions(batch, table, context))
        case .touched(let batch): try touched(batch, table, query, context)
        case .nothing: before.isEmpty ? .nothing : .afterInputs(before)
        }
      return TablePlan(table: table.name, action: action, warnings: decider.outside?.remarks ?? [])
    }
  }

  private func planFiles(
    _ table: Table, _ source: LandingSource, _ context: RunContext, _ ledger: Ledger?
  ) throws -> TablePlan {
    let plan = try TableJob.scan(table, source, context, cache: ledger ?? NoCache())
    let bytes = plan.new.reduce(Int64(0)) { $0.addingReportingOverflow($1.size).partialValue }
    let action: TablePlan.Action
    let outside = try context.outsideChange(table, context.state(.of(table)))
    if !plan.new.isEmpty {
      action = .takeFiles(files: plan.new.count, bytes: bytes)
    } else if let state = try context.state(.of(table)) {
      let gained = try TableJob.gained(table, state)
      action = gained.isEmpty ? .nothing : .addColumns(gained)
    } else {
      action = .rebuild(Decision.Reason.firstRun.description, bytes: nil)
    }
    return TablePlan(
      table: table.name, action: action, warnings: plan.warnings + (outside?.remarks ?? []))
  }
}

extension LandingPlan {
  /// What somebody should look at.
  var warnings: [String] {
    changed.map { "\($0.path) changed after it was taken in" }
      + unreadable.map(\.error.description) + [mapping?.remark].compactMap(\.self)
  }

  /// True if nothing has to be read or recorded.
  var isEmpty: Bool { new.isEmpty && unreadable.isEmpty }
}

/// Knows no hash, for lakes without a ledger.
private final class NoCache: LandingCache {
  func hashes(in folder: String) -> [LandingFile: Int64] { [:] }
  func remember(_ file: LandingFile, _ hash: Int64) {}
}
