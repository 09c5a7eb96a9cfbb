import Basics

/// Which personal columns a query's columns take their values from, by the engine's parse of it.
///
/// A value is followed through names, casts, CASE, COALESCE and functions that keep it or a part of
/// it. What turns it into something else (a hash, a length, a comparison) ends the trace, and so does
/// anything that is not known here: a column is told only where it is certain.
struct PersonalLineage {
  /// A column and the personal column that it holds.
  struct Column: Hashable {
    let name: String
    /// Such as `bronze.members.full_name`; nil where the value is nobody's.
    let origin: String?
    /// The byte of the query's text at which it stands, where the engine tells.
    var offset: Int64?
  }

  /// A relation that a name stands for.
  struct Source {
    let name: String
    let columns: [Column]
  }

  /// The tables that the query may name, by the names that it uses, in lower case.
  let tables: [String: [Column]]

  /// The columns of a query as the engine's `json_serialize_sql` gives it; none where it is not
  /// understood.
  func columns(of serialized: JSON) -> [Column] {
    guard let node = serialized["statements"]?.array?.first?["node"] else { return [] }
    return columns(node, tables, [])
  }

  private func columns(
    _ node: JSON, _ known: [String: [Column]], _ outer: [Source]
  ) -> [Column] {
    var known = known
    for entry in node["cte_map"]?["map"]?.array ?? [] {
      guard let name = entry["key"]?.string, let value = entry["value"],
        let query = value["query"]?["node"]
      else { continue }
      known[name.lowercased()] = renamed(columns(query, known, outer), value["aliases"])
    }
    switch node["type"]?.string {
    case "SELECT_NODE":
      let sources = sources(node["from_table"], known, outer)
      return (node["select_list"]?.array ?? []).flatMap { item in
        item["class"]?.string == "STAR"
          ? all(item, sources) : [column(item, sources + outer, known)]
      }
    case "SET_OPERATION_NODE":
      let left = node["left"].map { columns($0, known, outer) } ?? []
      let right = node["right"].map { columns($0, known, outer) } ?? []
      return left.enumerated().map { index, column in
        guard column.origin == nil, index < right.count else { return column }
        return Column(name: column.name, origin: right[index].origin, offset: right[index].offset)
      }
    default: return []
    }
  }

  private func sources(
    _ table: JSON?, _ known: [String: [Column]], _ outer: [Source]
  ) -> [Source] {
    guard let table else { return [] }
    let alias = table["alias"]?.string ?? ""
    func source(_ name: String, _ columns: [Column]) -> [Source] {
      [
        Source(
          name: (alias.isEmpty ? name : alias).lowercased(),
          columns: renamed(columns, table["column_name_alias"]))
      ]
    }
    switch table["type"]?.string {
    case "BASE_TABLE":
      let name = table["table_name"]?.string ?? ""
      return source(name, known[name.lowercased()] ?? [])
    case "SUBQUERY":
      return source("", table["subquery"]?["node"].map { columns($0, known, outer) } ?? [])
    case "JOIN":
      return sources(table["left"], known, outer) + sources(table["right"], known, outer)
    default: return []
    }
  }

  private func renamed(_ columns: [Column], _ names: JSON?) -> [Column] {
    let names = names?.array?.compactMap(\.string) ?? []
    return columns.enumerated().map { index, column in
      guard index < names.count else { return column }
      return Column(name: names[index], origin: column.origin, offset: column.offset)
    }
  }

  private func all(_ star: JSON, _ sources: [Source]) -> [Column] {
    let of = star["relation_name"]?.string?.lowercased() ?? ""
    return sources.filter { of.isEmpty || $0.name == of }.flatMap(\.columns).map {
      Column(name: $0.name, origin: $0.origin, offset: star["query_location"]?.int)
    }
  }

  private func column(
    _ item: JSON, _ sources: [Source], _ known: [String: [Column]]
  ) -> Column {
    let alias = item["alias"]?.string ?? ""
    let name = alias.isEmpty ? item["column_names"]?.array?.last?.string ?? "" : alias
    return Column(
      name: name, origin: origin(item, sources, known), offset: PersonalLineage.offset(item))
  }

  /// Where an expression stands; of some the engine tells only where their parts do.
  private static func offset(_ item: JSON) -> Int64? {
    if let own = item["query_location"]?.int { return own }
    let parts = (item.object ?? []).map(\.value) + (item.array ?? [])
    return parts.lazy.compactMap(PersonalLineage.offset).first
  }

  /// The personal column whose value an expression holds.
  private func origin(
    _ item: JSON, _ sources: [Source], _ known: [String: [Column]]
  ) -> String? {
    func first(_ items: [JSON]) -> String? {
      items.lazy.compactMap { origin($0, sources, known) }.first
    }
    let children = item["children"]?.array ?? []
    switch item["class"]?.string {
    case "COLUMN_REF": return named(item, sources)?.origin
    case "CAST": return first([item["child"]].compactMap(\.self))
    case "CASE":
      let values = (item["case_checks"]?.array ?? []).map { $0["then_expr"] } + [item["else_expr"]]
      return first(values.compactMap(\.self))
    case "OPERATOR":
      let keeps = ["OPERATOR_COALESCE", "OPERATOR_TRY", "OPERATOR_NULLIF"]
      return keeps.contains(item["type"]?.string ?? "") ? first(children) : nil
    case "FUNCTION", "WINDOW":
      let function = item["function_name"]?.string?.lowercased() ?? ""
      if PersonalLineage.keepAll.contains(function) { return first(children) }
      return PersonalLineage.keepFirst.contains(function) ? first(Array(children.prefix(1))) : nil
    case "SUBQUERY" where item["subquery_type"]?.string == "SCALAR":
      return item["subquery"]?["node"].flatMap { columns($0, known, sources).first?.origin }
    default: return nil
    }
  }

  private func named(_ item: JSON, _ sources: [Source]) -> Column? {
    let names = item["column_names"]?.array?.compactMap { $0.string?.lowercased() } ?? []
    guard let last = names.last else { return nil }
    let among = names.count < 2 ? sources : sources.filter { $0.name == names[names.count - 2] }
    return among.lazy.compactMap { source in
      source.columns.first { $0.name.lowercased() == last }
    }.first
  }

  /// Functions that give one of their arguments, or all of them put together.
  private static let keepAll: Set<String> = [
    "||", "concat", "concat_ws", "coalesce", "ifnull", "nvl", "greatest", "least",
  ]
  /// Functions that give their first argument, or a part of it.
  private static let keepFirst: Set<String> = [
    "trim", "ltrim", "rtrim", "lower", "upper", "initcap", "lcase", "ucase", "nullif", "replace",
    "regexp_replace", "regexp_extract", "translate", "lpad", "rpad", "substr", "substring", "left",
    "right", "split_part", "reverse", "min", "max", "any_value", "first", "last", "min_by",
    "max_by", "arg_min", "arg_max", "mode", "string_agg", "listagg", "array_agg", "lag", "lead",
    "first_value", "last_value", "nth_value",
  ]
}
