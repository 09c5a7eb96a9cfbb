import Basics
import Lineage
import Podium

extension Reference {
  /// All that the pages say, for programs.
  var json: JSON {
    [
      "about": .string("\(Reference.mark) by \(tool) docs."),
      "tables": .array(tables.map(json)),
      "relations": .array(
        relations.map {
          [
            "from": .string($0.from.description), "columns": .array($0.columns.map(JSON.string)),
            "to": .string($0.to.description), "reason": .string($0.reason.rawValue),
            "optional": .bool($0.isOptional), "unique": .bool($0.isUnique),
          ]
        }),
    ]
  }

  private func json(_ table: Table) -> JSON {
    let traced = lineage.tables[table.name]
    return [
      "table": .string(table.name.description), "about": .string(table.about),
      "subject": .string(Subject.title(table.declaredAt.file)),
      "declaredIn": .string(table.declaredAt.file),
      "landing": .optional(table.landing?.folder),
      "key": .array(table.key.map(JSON.string)), "written": .string(table.writing),
      "refresh": .string(table.refreshing.joined(separator: " ")),
      "partitionedBy": .array(table.partitionedBy.map(JSON.string)),
      "clusteredBy": .array(table.clusteredBy.map(JSON.string)),
      "retentionDays": .optional(table.retention?.days),
      "inputs": .array(graph.inputs(of: table.name).sorted().map { .string($0.description) }),
      "readers": .array(graph.dependents(of: table.name).map { .string($0.description) }),
      "columns": .array(
        table.columns.map { column in
          [
            "name": .string(column.name), "type": .string(column.type.sql),
            "nullable": .bool(table.mayBeNull(column)), "personal": .bool(column.personal),
            "about": .string(column.about),
            "from": .array(
              (traced?.column(column.name)?.edges ?? []).map { edge in
                [
                  "field": .string(edge.source.description),
                  "subtype": .string(edge.subtype.rawValue),
                ]
              }),
            "example": .optional(examples.value(table.name, column.name)),
          ]
        }),
      "rules": .array(
        table.expectations.map {
          [
            "name": .string($0.name), "else": .string($0.action.rawValue),
            "condition": .optional($0.condition),
          ]
        }),
    ]
  }
}
