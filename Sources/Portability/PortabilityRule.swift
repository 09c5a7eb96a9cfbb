/// A spelling that other engines read otherwise than DuckDB, or not at all.
public enum PortabilityRule: String, CaseIterable, Hashable, Sendable {
  case qualify
  case rankType = "rank-type"
  case rangeFrame = "range-frame"
  case dateTruncType = "date-trunc-type"
  case zonedType = "zoned-type"
  case textToDate = "text-to-date"
  case tryCastInteger = "try-cast-integer"
  case castFraction = "cast-fraction"
  case daysBetween = "days-between"
  case intervalType = "interval-type"
  case weekday
  case datePartType = "date-part-type"
  case dateAsText = "date-as-text"
  case regexpGroup = "regexp-group"
  case regexpMatch = "regexp-match"
  case backslash
  case apostrophe
  case concat
  case conditionalCount = "conditional-count"
  case sumType = "sum-type"
  case sumFraction = "sum-fraction"
  case averageType = "average-type"
  case divisionType = "division-type"
  case integerDivision = "integer-division"
  case divisionByZero = "division-by-zero"
  case percentile
  case maxBy = "max-by"
  case anyValue = "any-value"
  case hash
  case dateSpine = "date-spine"
  case nullOrder = "null-order"
  case usingKey = "using-key"
  case textType = "text-type"
  case json
  case groupByAll = "group-by-all"
  case orderByAll = "order-by-all"
  case starList = "star-list"
  case unionByName = "union-by-name"
  case lateralAlias = "lateral-alias"
  case recursive
  case pivot
  case arrays
  case quotedIdentifier = "quoted-identifier"
  case approximateCount = "approximate-count"
  case castSign = "cast-sign"
  case join
  case distinctOn = "distinct-on"
  case function
}

extension PortabilityRule {
  /// What is spelt so, and what to write instead.
  public var words: (spelling: String, portable: String) {
    switch self {
    case .qualify: ("QUALIFY", "a subquery with ROW_NUMBER and `WHERE rn = 1` around it")
    case .rankType: ("a rank without a type", "`CAST(ROW_NUMBER() OVER (…) AS BIGINT)`")
    case .rangeFrame:
      ("a RANGE frame over days", "a frame of ROWS, or order by `CAST(d AS TIMESTAMP)`")
    case .dateTruncType:
      ("date_trunc without a type", "`CAST(date_trunc('month', x) AS DATE)`")
    case .zonedType: ("TIMESTAMP WITH TIME ZONE", "TIMESTAMP, everything in UTC")
    case .textToDate:
      (
        "a function that reads dates by a pattern",
        "`TRY_CAST(x AS DATE)` for ISO texts, `make_date(…)` from parts otherwise"
      )
    case .tryCastInteger:
      (
        "TRY_CAST to an integer, which rounds or refuses fractions",
        "`CAST(TRY_CAST(x AS DECIMAL(18, 0)) AS BIGINT)`"
      )
    case .castFraction:
      ("CAST of a fraction to an integer, which rounds or cuts", "`CAST(floor(x) AS BIGINT)`")
    case .daysBetween: ("date_diff", "`CAST(a - b AS INT)`, or `datediff(a, b)`")
    case .intervalType:
      (
        "a date and an interval without a type",
        "`d + CAST(n AS INT)` for days, `CAST(d + INTERVAL '1' MONTH AS DATE)` for months"
      )
    case .weekday:
      ("a weekday's number", "`mod(CAST(d - DATE '1970-01-05' AS INT), 7)`, Monday = 0")
    case .datePartType: ("a part of a date without a type", "`CAST(extract(hour FROM t) AS INT)`")
    case .dateAsText:
      ("strftime", "`substr(CAST(d AS STRING), 1, 7)`, or `date_format(d, 'yyyy-MM')`")
    case .regexpGroup: ("regexp_extract without a group", "`regexp_extract(x, p, 1)`")
    case .regexpMatch: ("a match of a pattern", "`regexp_like(x, p)`")
    case .backslash: ("a backslash in a literal", "`[.]`, `[0-9]` and the like")
    case .apostrophe: ("an apostrophe in a literal", "`chr(39)`, joined by `||`")
    case .concat: ("concat, which passes over NULL or not", "`a || b`")
    case .conditionalCount: ("a count with a condition", "`COUNT(*) FILTER (WHERE …)`")
    case .sumType: ("SUM without a type", "`CAST(SUM(x) AS BIGINT)` or `AS DECIMAL(18, 2)`")
    case .sumFraction:
      (
        "a sum or mean of DOUBLEs (its last digits follow the order of rows)",
        "`SUM(CAST(x AS DECIMAL(18, 6)))`, divided by `COUNT(x)` for a mean"
      )
    case .averageType: ("AVG of what may be decimal", "`AVG(CAST(x AS DOUBLE))`")
    case .divisionType: ("a division of what may be decimal", "`CAST(a AS DOUBLE) / …`")
    case .integerDivision: ("an integer division", "`CAST(floor(a / b) AS BIGINT)`")
    case .divisionByZero: ("a division that may be by zero", "`x / nullif(y, 0)`")
    case .percentile:
      (
        "a percentile", "`percentile_disc(0.9) WITHIN GROUP (ORDER BY CAST(x AS DOUBLE))`"
      )
    case .maxBy: ("arg_max and arg_min", "`max_by(x, y)`, `min_by(x, y)`")
    case .anyValue: ("a value in no fixed order", "`min(x)` or `max(x)`")
    case .hash: ("a hash", "`CAST(md5(x) AS STRING)`, or `sha2(x, 256)`")
    case .dateSpine:
      ("a series", "`DATE '2023-01-01' + CAST(i AS INT) FROM range(0, n) AS r(i)`")
    case .nullOrder: ("ORDER BY without a place for NULL", "`NULLS FIRST` or `NULLS LAST`")
    case .usingKey: ("the key of a JOIN … USING with its table's name", "the key's name alone")
    case .textType: ("VARCHAR", "STRING")
    case .json: ("a value in JSON", "`get_json_object(j, '$.a')`")
    case .groupByAll: ("GROUP BY ALL", "the columns' names or numbers")
    case .orderByAll: ("ORDER BY ALL", "the columns' names")
    case .starList: ("`*` with EXCLUDE, REPLACE or COLUMNS", "the columns' names")
    case .unionByName: ("UNION BY NAME", "UNION ALL of the same columns in the same order")
    case .lateralAlias:
      ("an alias of the same SELECT", "a subquery around it, or the expression again")
    case .recursive: ("a recursive query", "a table that is made in steps")
    case .pivot: ("what is no SELECT", "`SUM(x) FILTER (WHERE …)` for a PIVOT")
    case .arrays: ("an element of an array or a list", "a table of the elements")
    case .quotedIdentifier: ("a name in double quotes", "a name of letters, digits and underscores")
    case .approximateCount: ("an approximate count", "`COUNT(DISTINCT x)`")
    case .castSign: ("`::`", "`CAST(x AS …)`")
    case .join: ("a join of its own kind", "a JOIN with a condition")
    case .distinctOn: ("DISTINCT ON", "a subquery with ROW_NUMBER and `WHERE rn = 1` around it")
    case .function: ("a function that is not known to be the same on all engines", "one that is")
    }
  }
}

/// A place in an SQL text that gives other rows on another engine, or none.
public struct PortabilityFinding: Hashable, Sendable {
  public let rule: PortabilityRule
  /// The bytes of UTF-8 before the place; nil where only the text as a whole is known.
  public let offset: Int?
  /// What stands there, where the rule's own words do not say it.
  public let name: String?

  init(_ rule: PortabilityRule, _ offset: Int?, _ name: String? = nil) {
    self.rule = rule
    self.offset = offset
    self.name = name
  }
}

extension PortabilityFinding: CustomStringConvertible {
  /// `strftime is not portable: write …`.
  public var description: String {
    let (spelling, portable) = rule.words
    let told = name.flatMap { spelling.contains($0) ? nil : "\($0): " } ?? ""
    return "\(told)\(spelling) is not portable: write \(portable)."
  }
}
