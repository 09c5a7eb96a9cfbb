import Basics
import Podium
import Storage

/// A table that is to be added to a project: its declaration, its test, and its place in the list.
public struct NewTable {
  /// What is asked for.
  public struct Request: Sendable {
    /// The full name, such as `silver.class_feedback`.
    public var name: String
    /// A file for bronze, a table's name for silver and gold.
    public var input: String
    /// The project's folder.
    public var folder: String
    /// The folder of tests; found by what it imports where it is nil.
    public var tests: String?
    /// A file whose values suggest the types of a silver table.
    public var sample: String?
    /// The columns that identify a row; guessed where it is empty.
    public var key: [String]

    public init(
      name: String, input: String, folder: String, tests: String? = nil, sample: String? = nil,
      key: [String] = []
    ) {
      self.name = name
      self.input = input
      self.folder = folder
      self.tests = tests
      self.sample = sample
      self.key = key
    }
  }

  /// A file and its text.
  public struct File: Hashable, Sendable {
    public let path: String
    public let text: String
    /// False for a file that is there and is changed.
    public let isNew: Bool
  }

  /// The declaration, the test, and the list with the new name.
  public let files: [File]
  /// What was guessed and should be looked at, a sentence each.
  public let guesses: [String]
  /// What nobody but the project's owner can write, a sentence each.
  public let leftToDo: [String]
  /// The name of the test's type, by which `swift test --filter` finds it.
  public let testName: String

  /// Works out the files; nothing is written.
  /// - Parameter tables: those that the project has.
  public init(_ request: Request, tables: [Table]) throws {
    let name = TableName(request.name)
    guard let layer = name.layer, name.problem == nil else { throw ScaffoldError.badName(name) }
    if let other = tables.first(where: { $0.name == name }) {
      throw ScaffoldError.taken(name, at: other.declaredAt)
    }
    let project = try ProjectFolder(request.folder)
    let place = try TablePlace(name, layer, in: project, tables)
    let code: TableCode
    switch layer {
    case .bronze:
      if tables.contains(where: { $0.name.description == request.input }) {
        throw ScaffoldError.wrongInput(
          name, from: request.input, needs: "it needs a file, a sample of the source")
      }
      code = try BronzeCode.make(place, request)
    case .silver: code = try SilverCode.make(place, request, tables, project)
    case .gold: code = try GoldCode.make(place, request, tables, project)
    }
    let tests = try TestPlace(of: place, in: project, request.tests)
    files = [
      File(path: "\(project.root)/\(place.path)", text: code.declaration, isNew: true),
      File(path: "\(tests.folder)/\(place.testName).swift", text: code.test, isNew: true),
      File(
        path: "\(project.root)/\(place.list.source.path)", text: place.list.adding(place),
        isNew: false),
    ]
    guesses = code.guesses
    leftToDo = tests.leftToDo
    testName = place.testName
    for file in files where file.isNew && kindOfFile(file.path) != .missing {
      throw ScaffoldError.fileExists(file.path)
    }
  }

  /// Writes the files, new ones first; what was written goes again where one cannot be.
  public func write() throws {
    var written: [File] = []
    for file in files {
      let store = LocalStore(root: parentPath(file.path))
      do {
        if file.isNew { try store.createFolder("") }
        try store.put(lastPathComponent(file.path), Array(file.text.utf8))
        written.append(file)
      } catch {
        for file in written where file.isNew {
          try? LocalStore(root: parentPath(file.path)).delete(lastPathComponent(file.path))
        }
        throw ScaffoldError.cannotWrite(file.path)
      }
    }
  }

  /// The table that an input names.
  static func input(_ name: String, of layers: [Layer], for new: TableName, _ tables: [Table])
    throws
    -> Table
  {
    guard let table = tables.first(where: { $0.name.description == name }) else {
      throw ScaffoldError.unknownTable(name, known: tables.map(\.name.description))
    }
    guard let layer = table.name.layer, layers.contains(layer) else {
      throw ScaffoldError.wrongInput(
        new, from: name,
        needs: "it needs a \(layers.map(\.rawValue).joined(separator: " or ")) table")
    }
    return table
  }
}

/// What is written for one table.
struct TableCode {
  let declaration: String
  let test: String
  let guesses: [String]
}
