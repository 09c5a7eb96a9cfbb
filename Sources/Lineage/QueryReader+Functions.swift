import Basics

extension QueryReader {
  /// The expressions of which one is made, at whatever depth the engine puts them.
  static func parts(_ tree: JSON) -> [JSON] {
    func expressions(_ tree: JSON) -> [JSON] {
      tree["class"]?.string == nil ? parts(tree) : [tree]
    }
    if let items = tree.array { return items.flatMap(expressions) }
    return (tree.object ?? []).flatMap { expressions($0.value) }
  }

  /// True for `COLUMNS(…)` and the like, which stand for any number of columns.
  static func namesMany(_ tree: JSON) -> Bool {
    switch tree["class"]?.string {
    case "STAR": true
    case "SUBQUERY": false
    default: parts(tree).contains(where: namesMany)
    }
  }

  /// True if an expression has an aggregate that is its own and not a subquery's.
  func hasAggregate(_ tree: JSON) -> Bool {
    switch tree["class"]?.string {
    case "SUBQUERY", "WINDOW": false
    case "FUNCTION" where aggregates.contains(tree["function_name"]?.string?.lowercased() ?? ""):
      true
    default: QueryReader.parts(tree).contains(where: hasAggregate)
    }
  }

  /// Functions that give one of their arguments, or all of them put together.
  static let keepsAll: Set<String> = [
    "||", "concat", "concat_ws", "coalesce", "ifnull", "nvl", "greatest", "least",
  ]
  /// Functions that give their first argument, or a part of it.
  static let keepsFirst: Set<String> = [
    "trim", "ltrim", "rtrim", "lower", "upper", "initcap", "lcase", "ucase", "nullif", "replace",
    "regexp_replace", "regexp_extract", "translate", "lpad", "rpad", "substr", "substring", "left",
    "right", "split_part", "reverse", "min", "max", "any_value", "first", "last", "min_by",
    "max_by", "arg_min", "arg_max", "mode", "string_agg", "listagg", "array_agg", "lag", "lead",
    "first_value", "last_value", "nth_value",
  ]
  /// Aggregates whose second argument says in which row the first is taken.
  static let ordersBySecond: Set<String> = ["min_by", "max_by", "arg_min", "arg_max"]
  /// Aggregates that take a value out of an order.
  static let takesOrdered: Set<String> = ["quantile_disc", "quantile_cont", "quantile", "mode"]
}
