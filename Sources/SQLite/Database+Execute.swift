import Basics

internal import CSQLite

extension Database {
  /// Runs any number of statements without values, such as a schema; rows are thrown away.
  public func execute(_ sql: String) throws(SQLiteError) {
    guard !sql.utf8.contains(0) else { throw .nulInText }
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else {
      throw failure(sql: sql, mayQuoteValues: false)
    }
  }

  /// Compiles one statement, to run it once or many times.
  public func prepare(_ sql: String) throws(SQLiteError) -> Statement {
    try Statement(self, sql)
  }

  /// Runs one statement and gives the number of rows it inserted, updated or deleted.
  @discardableResult
  public func run(_ sql: String, _ values: Bindings = []) throws(SQLiteError) -> Int {
    try prepare(sql).run(values)
  }

  /// All rows of a query.
  public func rows(_ sql: String, _ values: Bindings = []) throws(SQLiteError) -> [DatabaseRow] {
    try prepare(sql).rows(values)
  }

  /// The first row of a query; nil where there is none.
  public func first(_ sql: String, _ values: Bindings = []) throws(SQLiteError) -> DatabaseRow? {
    try prepare(sql).first(values)
  }

  /// A name in double quotes, for the places of a statement where no value can be bound.
  public static func quoted(_ name: String) -> String {
    "\"\(name.replacingSigns(["\"": "\"\""]))\""
  }
}
