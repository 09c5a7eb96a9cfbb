import Basics

/// From which rows of its inputs each row of a query's result comes, by columns of the result.
///
/// A column is traced to an input where rows with a value of it depend on those rows of the input
/// alone for which an expression has the same value. So when rows of the input change, only result
/// rows with these values change; and these can be computed from the input's rows with these values.
struct KeyLineage {
  /// A place at which the query reads an input; one that is read twice has two.
  struct Reading {
    /// The name by which the query calls the input, in lower case.
    let input: String
    /// For columns of the result, in lower case, expressions over the input's columns.
    let direct: [String: Expression]
    /// Joins by which the input's rows reach those of other readings.
    let links: [Link]
  }

  /// An equality by which rows of one reading meet those of another.
  struct Link {
    /// The index of the other reading.
    let to: Int
    let pairs: [(own: Expression, other: Expression)]
  }

  let readings: [Reading]
}

extension KeyLineage {
  /// An expression as the engine parses it, over columns that are told by their numbers or, where it
  /// is one over an input, by their names.
  struct Expression: Hashable {
    let tree: JSON

    init(_ tree: JSON) { self.tree = tree }

    private static let column = "PODIUM_COLUMN"

    /// The column of a number.
    static func column(_ index: Int) -> Expression {
      Expression(["class": .string(column), "index": .int(index)])
    }

    /// The column of an input.
    static func named(_ name: String) -> Expression {
      Expression([
        "class": "COLUMN_REF", "type": "COLUMN_REF", "column_names": .array([.string(name)]),
      ])
    }

    /// The number of the column that the expression is; nil where it is more than that.
    var columnIndex: Int? { Expression.index(tree) }

    /// The name of the input's column that the expression is; nil where it is more than that.
    var columnName: String? {
      tree["class"]?.string == "COLUMN_REF" ? tree["column_names"]?.array?.last?.string : nil
    }

    /// The numbers of all columns in it.
    var columns: Set<Int> {
      var found: Set<Int> = []
      func visit(_ tree: JSON) {
        if let index = Expression.index(tree) {
          found.insert(index)
        } else {
          Expression.parts(tree).forEach(visit)
        }
      }
      visit(tree)
      return found
    }

    private static func index(_ tree: JSON) -> Int? {
      tree["class"]?.string == column ? tree["index"]?.int.map(Int.init) : nil
    }

    static func parts(_ tree: JSON) -> [JSON] {
      tree.array ?? tree.object?.map(\.value) ?? []
    }

    /// The expression with other ones in the place of its columns; nil where one has none.
    func replacing(_ replacement: (Int) -> Expression?) -> Expression? {
      func replaced(_ tree: JSON) -> JSON? {
        if let index = Expression.index(tree) { return replacement(index)?.tree }
        if let items = tree.array {
          let new = items.compactMap(replaced)
          return new.count == items.count ? .array(new) : nil
        }
        guard let members = tree.object else { return tree }
        let new = members.compactMap { member in
          replaced(member.value).map { JSON.Member(member.name, $0) }
        }
        return new.count == members.count ? .object(new) : nil
      }
      return replaced(tree).map(Expression.init)
    }
  }
}

extension KeyLineage {
  /// How a change of some inputs reaches the result.
  struct Touch {
    /// The columns of the result by whose values the touched rows are told.
    let columns: [String]
    /// For each place at which a changed input is read, how its rows tell them.
    let paths: [Path]
  }

  /// How the rows of a reading tell values of the touched columns.
  struct Path {
    let input: String
    /// Joins to the rows that have the values, one after another; empty where the rows have them.
    let links: [(input: String, pairs: [(own: Expression, other: Expression)])]
    /// The values, in the order of the touched columns, over the last input's columns.
    let values: [Expression]
  }

  /// How changes of some inputs reach rows of the result, told by as many columns of a key as all of
  /// them tell.
  /// - Returns: nil for the touch, with the names of inputs that tell none, where it is not certain.
  func touch(_ key: [String], changed: Set<String>) -> (touch: Touch?, silent: [String]) {
    let key = key.map { $0.lowercased() }
    var found: [(reading: Int, chain: [Int], columns: Set<String>)] = []
    var silent: [String] = []
    for (index, reading) in readings.enumerated() where changed.contains(reading.input) {
      guard let chain = chain(from: index, key) else {
        silent.append(reading.input)
        continue
      }
      let last = chain.last ?? index
      found.append((index, chain, Set(key.filter { readings[last].direct[$0] != nil })))
    }
    let columns = key.filter { column in found.allSatisfy { $0.columns.contains(column) } }
    guard silent.isEmpty, !columns.isEmpty else {
      let names = silent.isEmpty ? found.map { readings[$0.reading].input } : silent
      return (nil, Array(Set(names)).sorted())
    }
    let paths = found.map { path in
      Path(
        input: readings[path.reading].input, links: links(from: path.reading, path.chain),
        values: columns.compactMap { readings[path.chain.last ?? path.reading].direct[$0] })
    }
    return (Touch(columns: columns, paths: paths), [])
  }

  /// The readings to go to, one after another, until one has a column of the key.
  /// - Returns: none where the reading has one itself; nil where none is reached.
  private func chain(from start: Int, _ key: [String]) -> [Int]? {
    func tells(_ index: Int) -> Bool { key.contains { readings[index].direct[$0] != nil } }
    var chains: [Int: [Int]] = [start: []]
    var queue = [start]
    while !queue.isEmpty {
      let index = queue.removeFirst()
      if tells(index) { return chains[index] }
      for link in readings[index].links where chains[link.to] == nil {
        chains[link.to] = (chains[index] ?? []) + [link.to]
        queue.append(link.to)
      }
    }
    return nil
  }

  private func links(
    from start: Int, _ chain: [Int]
  ) -> [(input: String, pairs: [(own: Expression, other: Expression)])] {
    zip([start] + chain, chain).map { from, to in
      let pairs = readings[from].links.first { $0.to == to }?.pairs ?? []
      return (readings[to].input, pairs)
    }
  }

  /// For each input, expressions of which one must have touched values in a row that touched results
  /// are computed from; inputs of which all rows may be needed are left out.
  func limits(_ columns: [String]) -> [String: [[Expression]]] {
    var limits: [String: [[Expression]]] = [:]
    var whole: Set<String> = []
    for reading in readings {
      let values = columns.compactMap { reading.direct[$0.lowercased()] }
      if values.count == columns.count {
        limits[reading.input, default: []].append(values)
      } else {
        whole.insert(reading.input)
      }
    }
    return limits.filter { !whole.contains($0.key) }
  }
}
