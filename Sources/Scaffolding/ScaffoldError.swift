import Basics
import Podium
import Storage

/// Why no table was made; nothing was written.
public enum ScaffoldError: Error, Hashable, Sendable {
  case badName(TableName)
  case taken(TableName, at: SourceLocation)
  case noSample(String)
  case emptySample(String)
  /// The file cannot be read as a source; why, without its values.
  case badSample(String)
  case unknownTable(String, known: [String])
  /// The table cannot be made from such an input; what it can be made from.
  case wrongInput(TableName, from: String, needs: String)
  case personalInput(TableName)
  case unknownColumn(String, of: String, known: [String])
  case noColumnsLeft(TableName)
  case fileExists(String)
  case noPackage(String)
  /// None of the program's tables is declared in the package.
  case othersTables(String)
  case noList(layer: Layer, folder: String)
  case noDeclaration(TableName, folder: String)
  case severalTests([String])
  case cannotWrite(String)
  /// A folder to write to is not there.
  case noFolder(String)
  /// No header of a sample is like a column of the table.
  case nothingAlike(TableName)
  /// A file of that name is there and says something else.
  case otherMapping(String)
}

extension ScaffoldError: CustomStringConvertible {
  public var description: String { what + " Nothing was written." }

  private var what: String {
    switch self {
    case .badName(let name):
      "no table can be called '\(printable(name.description))': \(name.problem ?? "") An example is "
        + "silver.class_feedback."
    case .taken(let name, let place): "\(name) is declared already, at \(place)."
    case .noSample(let path):
      kindOfFile(path) == .folder
        ? "\(printable(path)) is a folder. Name one of its files."
        : "there is no file \(printable(path)). Name a sample of the source."
    case .emptySample(let path):
      "\(printable(path)) has no row. Name a sample with at least one, better some hundred."
    case .badSample(let reason): "\(reason)."
    case .unknownTable(let name, let known):
      "there is no table '\(printable(name))'."
        + (kindOfFile(name) == .file
          ? " A bronze table is made from a file; here it goes with --sample."
          : didYouMean(name, in: known))
    case .wrongInput(let name, let input, let needs):
      "\(name) cannot be made from \(printable(input)): \(needs)."
    case .personalInput(let name):
      "\(name) holds personal values, which do not go into gold. Take the table without them."
    case .unknownColumn(let name, let table, let known):
      "\(table) has no column '\(printable(name))'." + didYouMean(name, in: known)
        + " It has \(known.joined(separator: ", "))."
    case .noColumnsLeft(let name):
      "all columns of the input are personal: name the table \(name)_pii to carry them."
    case .fileExists(let path): "\(printable(path)) exists already."
    case .noPackage(let folder):
      "there is no Package.swift in \(printable(folder)) or above it. Name the project's folder "
        + "with --dir."
    case .othersTables(let folder):
      "this program's tables are not declared in \(printable(folder)). Use the program of that "
        + "project, or name another folder with --dir."
    case .noList(let layer, let folder):
      "no source in \(printable(folder)) has a list '\(TableList.opening)…]' with the tables of "
        + "the layer \(layer.rawValue). Write one, or name another folder with --dir."
    case .noDeclaration(let name, let folder):
      "no source in \(printable(folder)) declares \(name) as 'static let … = Table(\"\(name)\"'. "
        + "Build again if it was renamed."
    case .severalTests(let found):
      "tests of tables are in \(found.joined(separator: " and ")). Name one with --tests."
    case .cannotWrite(let path): "\(printable(path)) cannot be written."
    case .noFolder(let path): "there is no folder \(printable(path)). Make it, or name another."
    case .nothingAlike(let name):
      "no header of the file is like a column of \(name). Look whether the first line is one of "
        + "headers, and whether the table is the right one."
    case .otherMapping(let path):
      "\(printable(path)) is there and says something else. --replace puts the new one in its place."
    }
  }
}
