import Basics

/// A choice of tables, as typed on the command line.
///
/// `silver` is a layer, `silver.members` a table; `+` in front adds what it needs, `+` behind what
/// needs it.
public struct Selector: Hashable, Sendable {
  public let text: String
  let core: String
  let withInputs: Bool
  let withDependents: Bool

  public init(_ text: String) {
    self.text = text
    var core = Substring(text)
    withInputs = core.hasPrefix("+")
    if withInputs { core = core.dropFirst() }
    withDependents = core.hasSuffix("+")
    if withDependents { core = core.dropLast() }
    self.core = String(core)
  }
}

/// A selector that names no layer and no table.
public struct UnknownSelector: Error, Hashable, Sendable, CustomStringConvertible {
  /// The name, without the signs before and behind it.
  public let text: String
  /// The selector as typed.
  public let typed: String
  public let known: [String]

  public var description: String {
    if let hint { return "'\(typed)' is no selector. \(hint)" }
    let near = didYouMean(text, in: known)
    return "'\(text)' is neither a layer nor a table.\(near)"
      + (near.isEmpty ? " \(CommandHint.command("tables")) lists them." : "")
  }

  /// What to type in place of the selectors of other tools.
  private var hint: String? {
    if typed.contains(",") {
      let parts = typed.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
      return "Separate several with blanks: \(parts.joined(separator: " "))"
    }
    if typed.contains(":") {
      return "There are no tags and no methods: name layers and tables, such as silver or "
        + "silver.members+."
    }
    if typed.contains("*") || typed.contains("/") {
      return "There are no patterns: name layers and tables, such as silver or silver.members+."
    }
    let core = text.drop { $0 == "@" || $0 == "+" || $0.isNumber }
    let bare = String(core.reversed().drop { $0 == "+" || $0.isNumber }.reversed())
    guard bare != text, known.contains(bare) else { return nil }
    return "Type +\(bare) for all that it needs, \(bare)+ for all that needs it."
  }
}

extension Graph {
  /// The names that a selector may give.
  public var selectable: [String] {
    Layer.allCases.map(\.rawValue) + ordered.map(\.name.description)
  }

  /// The tables that any of the selectors means, in the order of a run; all without selectors.
  public func select(_ selectors: [Selector]) throws(UnknownSelector) -> [Table] {
    guard !selectors.isEmpty else { return ordered }
    var chosen: Set<TableName> = []
    for selector in selectors {
      let layer = Layer(rawValue: selector.core)
      let found = ordered.map(\.name).filter {
        $0.description == selector.core || ($0.layer != nil && $0.layer == layer)
      }
      // A layer may have no tables yet.
      guard !found.isEmpty || layer != nil else {
        throw UnknownSelector(text: selector.core, typed: selector.text, known: selectable)
      }
      for name in found {
        chosen.insert(name)
        if selector.withInputs { chosen.formUnion(ancestors(of: name)) }
        if selector.withDependents { chosen.formUnion(descendants(of: name)) }
      }
    }
    return ordered.filter { chosen.contains($0.name) }
  }
}
