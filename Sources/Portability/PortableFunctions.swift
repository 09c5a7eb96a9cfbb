/// What functions, operators and types are the same on all engines.
enum PortableFunctions {
  /// Functions that gave the same values and types on DuckDB, Spark and Sail, those that Podium defines
  /// on DuckDB by Spark's names included.
  static let known: Set<String> = [
    // Texts.
    "split_part", "trim", "ltrim", "rtrim", "lower", "upper", "substr", "substring", "lpad", "rpad",
    "replace", "length", "reverse", "chr", "ascii", "initcap", "contains", "starts_with",
    "regexp_like", "regexp_replace", "regexp_extract", "get_json_object",
    // Values.
    "coalesce", "nullif", "greatest", "least", "md5", "sha2",
    // Numbers.
    "abs", "ceil", "floor", "round", "sign", "sqrt", "ln", "log10", "exp", "power", "pow", "mod",
    "pi", "sin", "cos", "tan", "degrees", "radians", "try_divide",
    // Days and times.
    "date_trunc", "date_part", "year", "month", "day", "hour", "minute", "second", "quarter",
    "make_date", "last_day", "to_date", "date_format", "datediff", "add_months", "unix_timestamp",
    "dayofweek", "try_to_timestamp", "from_utc_timestamp", "to_utc_timestamp",
    "to_years", "to_months", "to_weeks", "to_days", "to_hours", "to_minutes", "to_seconds", "trunc",
    // Aggregates and windows.
    "count", "count_star", "sum", "avg", "min", "max", "max_by", "min_by", "stddev_samp",
    "stddev_pop", "var_samp", "var_pop", "corr", "covar_samp", "covar_pop", "bool_and", "bool_or",
    "every", "row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile", "lag",
    "lead",
    "first_value", "last_value", "nth_value", "grouping", "quantile_disc",
    "regr_slope", "regr_intercept", "regr_r2", "regr_count",
  ]

  static let operators: Set<String> = [
    "+", "-", "*", "/", "%", "||", "~~", "!~~", "~~*", "!~~*", "like_escape", "not_like_escape",
    "ilike_escape", "not_ilike_escape",
  ]

  /// Functions that have a portable spelling of their own.
  static let rules: [String: PortabilityRule] = {
    var rules: [String: PortabilityRule] = [:]
    func add(_ rule: PortabilityRule, _ names: String...) {
      for name in names { rules[name] = rule }
    }
    add(.textToDate, "strptime", "try_strptime", "to_timestamp", "epoch_ms", "make_timestamp")
    add(.daysBetween, "date_diff", "datesub", "date_sub", "age")
    add(
      .weekday, "weekday", "isodow", "dow", "dayname", "weekofyear", "week", "yearweek", "dayofyear"
    )
    add(.dateAsText, "strftime", "monthname")
    add(.regexpMatch, "regexp_matches", "regexp_full_match", "regexp_split_to_array", "~", "!~")
    add(.concat, "concat", "concat_ws")
    add(.conditionalCount, "count_if", "countif", "sum_if")
    add(.integerDivision, "//", "divide", "div")
    add(
      .percentile, "quantile", "quantile_cont", "median", "mode", "percentile", "mad",
      "approx_quantile", "percentile_approx", "reservoir_quantile")
    add(.maxBy, "arg_max", "arg_min", "argmax", "argmin", "arg_max_null", "arg_min_null")
    add(.anyValue, "any_value", "first", "last", "arbitrary")
    add(.hash, "hash", "sha256", "sha1", "md5_number", "xxhash64")
    add(.json, "->", "->>", "json_extract", "json_extract_string", "json_extract_path")
    add(.approximateCount, "approx_count_distinct")
    add(
      .arrays, "list", "array_agg", "list_value", "unnest", "list_extract", "array_extract",
      "struct_pack",
      "string_agg", "group_concat", "listagg", "string_split", "str_split", "split")
    add(.dateSpine, "generate_series", "sequence")
    return rules
  }()
}
