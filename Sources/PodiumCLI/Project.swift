import ArgumentParsing
import Basics
import Podium
import Storage

/// What a command-line tool is made of: its name and its tables.
public struct Project: Sendable {
  /// The program's name, as it is typed.
  public let name: String
  public let version: String
  /// One sentence.
  public let abstract: String
  public let tables: [Table]
  /// Makes source files to try the project with; nil for a tool without `generate`.
  public let generator: Generator?

  public init(
    name: String, version: String, about abstract: String, tables: [Table],
    generator: Generator? = nil
  ) {
    self.name = name
    self.version = version
    self.abstract = abstract
    self.tables = tables
    self.generator = generator
  }
}

/// Makes source files: the options of `generate` and what it does with them.
public struct Generator: Sendable {
  /// What was written.
  public struct Summary: Sendable {
    /// One source.
    public struct Source: Sendable {
      public let name: String
      public let files: Int
      public let rows: Int
      public let bytes: Int

      public init(name: String, files: Int, rows: Int, bytes: Int) {
        self.name = name
        self.files = files
        self.rows = rows
        self.bytes = bytes
      }
    }

    public let sources: [Source]
    /// The last day that the files tell of.
    public let lastDay: CivilDate

    public init(sources: [Source], lastDay: CivilDate) {
      self.sources = sources
      self.lastDay = lastDay
    }
  }

  public let options: [Option]
  public let examples: [Example]
  /// Writes the files; it is told the landing zone, and tells how far it has come.
  public let write:
    @Sendable (
      ArgumentValues, any ObjectStore, _ progress: (_ day: Int, _ of: Int) -> Void
    ) throws -> Summary

  public init(
    options: [Option], examples: [Example] = [],
    write:
      @escaping @Sendable (
        ArgumentValues, any ObjectStore, _ progress: (_ day: Int, _ of: Int) -> Void
      ) throws -> Summary
  ) {
    self.options = options
    self.examples = examples
    self.write = write
  }
}
