import Testing

@testable import SparkEngine

@Suite("Portable SQL as a server reads it")
struct SparkSQLTests {
  @Test(
    "Names, literals and types are spelled for Spark, and all else stays",
    arguments: [
      (#"SELECT "a b", "c""d" FROM t"#, #"SELECT `a b`, `c"d` FROM t"#),
      (#"SELECT 'it''s', 'a\b', 'plain'"#, #"SELECT 'it\'s', 'a\\b', 'plain'"#),
      ("CAST(x AS VARCHAR), CAST(y AS TIMESTAMPTZ)", "CAST(x AS STRING), CAST(y AS TIMESTAMP)"),
      ("CAST(x AS VARCHAR(10))", "CAST(x AS VARCHAR(10))"),
      ("SELECT 1 -- VARCHAR 'it''s'\nFROM t", "SELECT 1 -- VARCHAR 'it''s'\nFROM t"),
      ("SELECT 'ü''ß' AS \"ä\"", #"SELECT 'ü\'ß' AS `ä`"#),
      ("", ""),
    ])
  func spelling(_ text: String, _ spark: String) {
    #expect(SparkSQL.translated(text) == spark)
  }

  @Test("Inputs are called by their views, in any case, also before a dot")
  func inputs() {
    let text = "SELECT silver__people.id FROM Silver__People JOIN other ON other.silver__people = 1"
    #expect(
      SparkSQL.translated(text, names: ["silver__people": "podium_1"])
        == "SELECT podium_1.id FROM podium_1 JOIN other ON other.podium_1 = 1")
  }

  @Test("Lines stay where they are")
  func lines() {
    let text = "SELECT\n  'it''s',\n  \"x\"\nFROM t"
    #expect(SparkSQL.translated(text).split(separator: "\n").count == 4)
  }

  @Test("Quotes within names and literals cannot end them")
  func quotes() {
    #expect(SparkSQL.name("a`b") == "`a``b`")
    #expect(SparkSQL.literal(#"a\'b"#) == #"'a\\\'b'"#)
    // To Swift a quote with a combining accent is another character than a quote.
    #expect(Array(SparkSQL.name("`\u{301}").utf8) == Array("```\u{301}`".utf8))
    #expect(Array(SparkSQL.literal("'\u{301} OR 1").utf8) == Array("'\\'\u{301} OR 1'".utf8))
  }
}
