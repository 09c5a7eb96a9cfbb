import Faker

/// Small random queries over three tables of small whole numbers, whose results are the same
/// whatever the order in which rows come.
struct RandomQuery {
  static let tables = ["t": ["a", "b", "c"], "u": ["a", "d"], "v": ["d", "e"]]
  static let rows = 6

  private var random: SeededRandom
  private var names = 0

  init(seed: UInt64) { random = SeededRandom(seed: seed, "lineage") }

  /// The values of a column.
  mutating func column() -> [Int?] {
    (0..<RandomQuery.rows).map { _ in
      let number = random.below(5)
      return number == 4 ? nil : number
    }
  }

  private mutating func pick<T>(_ items: [T], or other: T) -> T {
    items.isEmpty ? other : items[random.below(items.count)]
  }

  private mutating func alias() -> String {
    names += 1
    return "q\(names)"
  }

  /// A query with columns `c0`, `c1` and so on.
  mutating func query(depth: Int, columns: Int, outer: [String] = []) -> String {
    if depth > 0, random.below(6) == 0 {
      let set = pick(
        ["UNION ALL", "UNION", "EXCEPT", "INTERSECT", "EXCEPT ALL"], or: "UNION ALL")
      return "(\(query(depth: depth - 1, columns: columns))) \(set) "
        + "(\(query(depth: depth - 1, columns: columns)))"
    }
    let from = source(depth)
    let scope = from.columns
    var sql = ""
    let isGrouped = random.below(3) == 0
    if isGrouped {
      let keys = (0..<(1 + random.below(2))).map { _ in pick(scope, or: "1") }
      let items = (0..<columns).map { place -> String in
        let value =
          random.below(3) == 0 ? pick(keys, or: "1") : aggregate(scope)
        return "\(value) AS c\(place)"
      }
      sql = "SELECT \(items.joined(separator: ", ")) FROM \(from.sql)"
      if random.below(2) == 0 { sql += " WHERE \(condition(scope + outer, depth))" }
      sql += " GROUP BY \(keys.joined(separator: ", "))"
      if random.below(3) == 0 { sql += " HAVING \(aggregate(scope)) > \(random.below(6))" }
      return sql
    }
    let items = (0..<columns).map { "\(value(scope, outer, depth)) AS c\($0)" }
    sql =
      "SELECT \(random.below(6) == 0 ? "DISTINCT " : "")\(items.joined(separator: ", "))"
      + " FROM \(from.sql)"
    if random.below(2) == 0 { sql += " WHERE \(condition(scope + outer, depth))" }
    return sql
  }

  private mutating func source(_ depth: Int) -> (sql: String, columns: [String]) {
    let name = alias()
    if depth > 0, random.below(3) == 0 {
      return ("(\(query(depth: depth - 1, columns: 2))) AS \(name)", ["\(name).c0", "\(name).c1"])
    }
    if depth > 0, random.below(2) == 0 {
      let left = source(depth - 1)
      let right = source(depth - 1)
      let kind = pick(
        ["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "SEMI JOIN", "ANTI JOIN"], or: "JOIN")
      let on = "\(pick(left.columns, or: "1")) = \(pick(right.columns, or: "1"))"
      let isFilter = ["SEMI JOIN", "ANTI JOIN"].contains(kind)
      return (
        "\(left.sql) \(kind) \(right.sql) ON \(on)",
        isFilter ? left.columns : left.columns + right.columns
      )
    }
    if random.below(4) == 0 {
      return (
        "(SELECT * FROM t JOIN u USING (a)) AS \(name)",
        ["a", "b", "c", "d"].map { "\(name).\($0)" }
      )
    }
    let table = pick(["t", "u", "v"], or: "t")
    return ("\(table) AS \(name)", (RandomQuery.tables[table] ?? []).map { "\(name).\($0)" })
  }

  private mutating func value(_ own: [String], _ outer: [String], _ depth: Int) -> String {
    let kind = random.below(depth > 0 ? 9 : 7)
    // The engine has no windows over columns of a query outside.
    let scope = kind == 5 || kind == 6 ? own : own + outer
    let (x, y, z) = (pick(scope, or: "1"), pick(scope, or: "2"), pick(scope, or: "3"))
    switch kind {
    case 0, 1: return x
    case 2: return "\(x) + \(y)"
    case 3: return "CASE WHEN \(x) > \(y) THEN \(z) ELSE 0 END"
    case 4: return "coalesce(\(x), \(y))"
    case 5: return "sum(\(x)) OVER (PARTITION BY \(y) ORDER BY \(z))"
    case 6: return "rank() OVER (PARTITION BY \(x) ORDER BY \(y))"
    case 7: return "CAST(\(x) IN (\(query(depth: 0, columns: 1))) AS INT)"
    default: return "(SELECT max(c0) FROM (\(query(depth: 0, columns: 1, outer: [x]))) AS s)"
    }
  }

  private mutating func aggregate(_ scope: [String]) -> String {
    let (x, y) = (pick(scope, or: "1"), pick(scope, or: "2"))
    switch random.below(5) {
    case 0: return "count(*)"
    case 1: return "sum(\(x))"
    case 2: return "count(DISTINCT \(x))"
    case 3: return "min(\(x)) FILTER (WHERE \(y) > 1)"
    default: return "max(\(x))"
    }
  }

  private mutating func condition(_ scope: [String], _ depth: Int) -> String {
    let (x, y) = (pick(scope, or: "1"), pick(scope, or: "2"))
    switch random.below(depth > 0 ? 5 : 3) {
    case 0: return "\(x) > \(random.below(4))"
    case 1: return "\(x) = \(y)"
    case 2: return "\(x) IS NOT NULL AND \(y) < 3"
    case 3: return "\(x) IN (\(query(depth: 0, columns: 1)))"
    default: return "EXISTS (\(query(depth: 0, columns: 1, outer: [x])))"
    }
  }
}
