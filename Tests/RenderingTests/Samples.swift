import Basics
import Engines
import Rendering

/// What a printer writes for some rows.
func printed(
  _ columns: [ResultColumn], _ rows: [[Value]], as format: OutputFormat,
  style: ResultStyle = .unlimited
) throws -> String {
  let stream = OutputStream.memory()
  let printer = ResultPrinter(columns, as: format, to: stream, style: style)
  for row in rows { try printer.write(row) }
  try printer.finish()
  return stream.text
}

/// A terminal of some width, without colours.
func terminal(_ width: Int, unicode: Bool = true) -> Terminal {
  Terminal(isTerminal: true, width: width, height: 24, unicode: unicode)
}

/// A column and a value of every kind, in two rows, the second of NULLs.
let everyKind: [(column: ResultColumn, value: Value)] = [
  (ResultColumn("bool", .bool), .bool(true)),
  (ResultColumn("int", .int(bits: 64, signed: true)), .int(.min)),
  (ResultColumn("unsigned", .int(bits: 64, signed: false)), .unsigned(.max)),
  (ResultColumn("float", .float), .float(0.1)),
  (ResultColumn("double", .double), .double(1e16)),
  (ResultColumn("nan", .double), .double(.nan)),
  (ResultColumn("infinity", .double), .double(-.infinity)),
  (
    ResultColumn("decimal", .decimal(precision: 38, scale: 2, bits: 128)),
    .decimal(12_345_678_901_234_567_890_123_456_789_012_345_678, scale: 2)
  ),
  (ResultColumn("small", .decimal(precision: 4, scale: 3, bits: 32)), .decimal(-5, scale: 3)),
  (ResultColumn("text", .text(wide: false)), .text("a")),
  (ResultColumn("binary", .binary(wide: false)), .binary([0, 171])),
  (ResultColumn("date", .date), .date(CivilDate(year: 2024, month: 2, day: 29))),
  (
    ResultColumn("instant", .timestamp(perSecond: 1_000_000, zoned: true)),
    .timestamp(Timestamp(microseconds: 1_700_000_000_123_456), zoned: true)
  ),
  (
    ResultColumn("local", .timestamp(perSecond: 1_000_000, zoned: false)),
    .timestamp(Timestamp(microseconds: 1_700_000_000_000_000), zoned: false)
  ),
  (ResultColumn("time", .time(perSecond: 1_000_000)), .time(3_600_000_000)),
  (ResultColumn("list", .text), .list([.int(1), .null, .text("x,y")])),
  (
    ResultColumn("structure", .text),
    .structure([("a", .decimal(150, scale: 2)), ("b", .double(.nan))])
  ),
]
