import Basics
import Glibc
import Storage
import TestKit

/// A copy of a package with tables, built and run without its manifest: its modules are compiled
/// against those of this package that the tests were built with, which takes seconds.
public final class PackageCopy {
  /// The sources of a module, from the package's folder on.
  public struct Module: Sendable {
    public let name: String
    public let folder: String

    public init(_ name: String, in folder: String) {
      self.name = name
      self.folder = folder
    }
  }

  /// This package's folder.
  public static let source = parentPath(parentPath(parentPath(#filePath)))

  /// The copy's folder.
  public let path: String
  /// What the program is called.
  public let program: String
  private let modules: [Module]
  private let main: String
  private let tests: Module
  private let products: String

  private init(_ program: String, modules: [Module], main: String, tests: Module) throws {
    path = try Files.makeTemporaryFolder()
    products = try Files.makeTemporaryFolder()
    (self.program, self.modules, self.main, self.tests) = (program, modules, main, tests)
  }

  deinit {
    Files.remove(path)
    Files.remove(products)
  }

  /// A copy of the gym's tables, with the program `podium` and one file of tests.
  public static func gym() throws -> PackageCopy {
    let copy = try PackageCopy(
      "podium",
      modules: [
        Module("Bronze", in: "bronze"), Module("Silver", in: "silver"), Module("Gold", in: "gold"),
      ], main: "Sources/podium-cli", tests: Module("GymTests", in: "Tests/GymTests"))
    for folder in ["bronze", "silver", "gold", "Sources/podium-cli"] {
      try Files.copy("\(source)/\(folder)", to: "\(copy.path)/\(folder)")
    }
    for file in ["Package.swift", ".swift-format", "Tests/GymTests/MemberTests.swift"] {
      try Files.write(Files.read("\(source)/\(file)"), to: "\(copy.path)/\(file)")
    }
    return copy
  }

  /// A copy of the online shop, with the program `shop`.
  public static func shop() throws -> PackageCopy {
    let copy = try PackageCopy(
      "shop", modules: [Module("Shop", in: "Sources/Shop")], main: "Sources/shop-cli",
      tests: Module("ShopTests", in: "Tests/ShopTests"))
    for folder in ["Sources", "Tests"] {
      try Files.copy("\(source)/Examples/OnlineShop/\(folder)", to: "\(copy.path)/\(folder)")
    }
    try Files.write(
      Files.read("\(source)/Examples/OnlineShop/Package.swift"), to: "\(copy.path)/Package.swift")
    try Files.write(Files.read("\(source)/.swift-format"), to: "\(copy.path)/.swift-format")
    return copy
  }
}

extension PackageCopy {
  /// Compiles the modules and links the program, as `swift build` does.
  public func build() throws {
    for module in modules { try compile(module.name, in: module.folder, "-emit-module") }
    try compile("main_program", in: main)
    try link(["main_program"] + modules.map(\.name), to: program)
  }

  /// Compiles the tests and runs some, as `swift test` does.
  /// - Parameter filter: part of the names of those to run.
  public func test(_ filter: String) throws -> Outcome {
    try Files.write(
      """
      import Testing

      @main
      struct Run {
        static func main() async { await Testing.__swiftPMEntryPoint() as Never }
      }

      """, to: "\(products)/entry/Entry.swift")
    try compile(tests.name, in: tests.folder, "\(products)/entry/Entry.swift")
    try link([tests.name] + modules.map(\.name), to: "run-tests")
    return try line("\(shellWord("\(products)/run-tests")) --filter \(shellWord(filter))")
  }

  /// Whether the sources are formatted as this package's are; what is not, a line each.
  public func lint() throws -> Outcome {
    let folders = modules.map(\.folder) + [tests.folder]
    return try line(
      "swift format lint --strict --recursive \(folders.joined(separator: " "))")
  }

  private func compile(_ module: String, in folder: String, _ more: String...) throws {
    let files = Files.names("\(path)/\(folder)").filter { $0.hasSuffix(".swift") }
    let isProgram = files.contains("main.swift")
    var flags = [
      "-swift-version", "6", "-enable-upcoming-feature", "ExistentialAny", "-Onone", "-wmo",
      "-enable-testing", "-warnings-as-errors", "-I", products, "-I",
      "\(Products.folder)/Modules", "-module-name", module, "-c", "-o", "\(products)/\(module).o",
    ]
    if !isProgram { flags.append("-parse-as-library") }
    if more.contains("-emit-module") {
      flags += ["-emit-module-path", "\(products)/\(module).swiftmodule"]
    }
    flags += Products.moduleMaps.flatMap { ["-Xcc", "-fmodule-map-file=\($0)"] }
    try swiftc(flags + more + files.map { "\(folder)/\($0)" })
  }

  private func link(_ objects: [String], to program: String) throws {
    let own = Set(modules.map(\.name) + [tests.name])
    let list = "\(products)/objects"
    let built = try Products.objects().filter { !own.contains($0.module) }.map(\.path)
    try Files.write(
      (objects.map { "\(products)/\($0).o" } + built).joined(separator: "\n"), to: list)
    let libraries = ["-lcurl", "-llz4", "-lsqlite3", "-lxxhash", "-lz", "-lTesting"]
    try swiftc(["-o", "\(products)/\(program)", "@\(list)"] + libraries)
  }

  private func swiftc(_ arguments: [String]) throws {
    let outcome = try line("swiftc " + arguments.map(shellWord).joined(separator: " "))
    guard outcome.status == 0 else { throw TestKitError(outcome.text) }
  }
}

extension PackageCopy {
  /// What a command left when it ended.
  public struct Outcome: Sendable {
    /// The exit status.
    public let status: Int32
    /// What it printed, both streams as on a terminal.
    public let text: String
  }

  /// Runs the program.
  public func run(_ arguments: String...) throws -> Outcome {
    try line(([program] + arguments).map(shellWord).joined(separator: " "))
  }

  /// Runs a line of shell in the package's folder, on whose path the program is.
  public func line(_ command: String) throws -> Outcome {
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    let shell = try ChildProcess(
      "/bin/bash", ["-c", "cd \(shellWord(self.path)) && { \(command)\n} 2>&1"],
      environment: ["PATH": "\(products):\(path)"])
    shell.endInput()
    let text = shell.readAll()
    return Outcome(status: shell.wait(), text: text)
  }
}
