// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [.enableUpcomingFeature("ExistentialAny")]

/// Tests themselves are never optimised: that would take longer than they gain by it.
let unoptimised =
  strict + [SwiftSetting.unsafeFlags(["-Onone"], .when(configuration: .release))]

/// A Debian library described by its own pkg-config file.
func systemLibrary(_ name: String, _ pkgConfig: String, _ package: String) -> Target {
  .systemLibrary(
    name: name, path: "Sources/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

func library(
  _ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: path ?? "Sources/\(name)", swiftSettings: strict)
}

/// The tests of a module, in a folder of that name.
func tests(
  of name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies,
    path: path ?? "Tests/\(name)Tests", swiftSettings: unoptimised)
}

let package = Package(
  name: "podium",
  products: [
    .executable(name: "podium", targets: ["podium-cli"]),
    .library(name: "Podium", targets: ["Podium"]),
    .library(name: "PodiumCLI", targets: ["PodiumCLI"]),
    .library(name: "DeltaLake", targets: ["DeltaLake"]),
    .library(name: "Faker", targets: ["Faker"]),
    .library(name: "Engines", targets: ["Engines"]),
    .library(name: "Lakehouse", targets: ["Lakehouse"]),
    .library(name: "Runner", targets: ["Runner"]),
    .library(name: "LakeCare", targets: ["LakeCare"]),
    .library(name: "Basics", targets: ["Basics"]),
    .library(name: "ArgumentParsing", targets: ["ArgumentParsing"]),
    .library(name: "Rendering", targets: ["Rendering"]),
    .library(name: "PodiumTesting", targets: ["PodiumTesting"]),
    // Loaded into the program by tests that set its clock.
    .library(name: "ClockShift", type: .dynamic, targets: ["ClockShift"]),
  ],
  targets: [
    // C libraries.
    .target(name: "CADBC", path: "Sources/CADBC"),
    systemLibrary("CCurl", "libcurl", "libcurl4-openssl-dev"),
    systemLibrary("CCrypto", "libcrypto", "libssl-dev"),
    systemLibrary("CExpat", "expat", "libexpat1-dev"),
    systemLibrary("CLZ4", "liblz4", "liblz4-dev"),
    systemLibrary("CSQLite", "sqlite3", "libsqlite3-dev"),
    systemLibrary("CXXHash", "libxxhash", "libxxhash-dev"),
    systemLibrary("CZlib", "zlib", "zlib1g-dev"),

    // The engine, from the ground up.
    library("Basics"),
    library("Podium", ["Basics"]),
    library("Storage", ["Basics", "CLZ4", "CXXHash", "CZlib"]),
    library("SQLite", ["Basics", "CSQLite"]),
    library("Networking", ["Basics", "CCurl"]),
    library("S3", ["Basics", "CCrypto", "CExpat", "Networking", "Storage"]),
    library("Scheduling", ["Basics", "Storage"]),
    library("ArgumentParsing", ["Basics"]),
    library("Landing", ["Basics", "Storage"]),
    library("DeltaLake", ["Basics", "Storage"]),
    library("Engines", ["Basics", "CADBC"]),
    library("Lakehouse", ["Basics", "DeltaLake", "Engines", "Podium", "S3", "Storage"]),
    library(
      "SparkEngine",
      ["Basics", "DeltaLake", "Engines", "Lakehouse", "Podium", "S3", "Storage"]),
    library("Lineage", ["Basics", "DeltaLake", "Engines", "Lakehouse", "Podium"]),
    library("Documentation", ["Basics", "Lineage", "Podium", "Storage"]),
    library("Portability", ["Basics", "Podium"]),
    library("Rendering", ["Basics", "Engines"]),
    library(
      "Runner",
      [
        "Basics", "DeltaLake", "Engines", "Lakehouse", "Landing", "Lineage", "Podium",
        "Portability", "SQLite", "SparkEngine", "Storage",
      ]),
    library(
      "LakeCare",
      [
        "Basics", "DeltaLake", "Engines", "Landing", "Lakehouse", "Podium", "Runner", "SQLite",
        "Serving", "Storage",
      ]),
    library(
      "Serving",
      ["Basics", "DeltaLake", "Engines", "Lakehouse", "Podium", "Rendering", "SQLite", "Storage"]),
    library(
      "Observability",
      ["Basics", "Lakehouse", "Lineage", "Networking", "Podium", "Runner", "S3", "Storage"]),
    library("Scaffolding", ["Basics", "Landing", "Podium", "Storage"]),
    library(
      "PodiumCLI",
      [
        "ArgumentParsing", "Basics", "DeltaLake", "Documentation", "Engines", "LakeCare",
        "Lakehouse", "Landing", "Lineage", "Networking", "Observability", "Podium", "Rendering",
        "Runner", "S3", "SQLite", "Scaffolding", "Scheduling", "Serving", "SparkEngine", "Storage",
      ]),

    // Testing tables, in any project.
    library("TestFiles", ["Basics", "Storage"]),
    library(
      "PodiumTesting",
      [
        "Basics", "DeltaLake", "Engines", "Lakehouse", "Podium", "Runner", "S3", "SparkEngine",
        "Storage", "TestFiles",
      ]),

    // The gym.
    library("Faker", ["Basics"], path: "datagen/Faker"),
    library("DataGen", ["Basics", "Faker", "Storage"], path: "datagen/Gym"),
    library(
      "GymCommand", ["ArgumentParsing", "Basics", "DataGen", "PodiumCLI", "Storage"],
      path: "datagen/Command"),
    library("Bronze", ["Podium"], path: "bronze"),
    library("Silver", ["Bronze", "Podium"], path: "silver"),
    library("Gold", ["Podium", "Silver"], path: "gold"),
    .executableTarget(
      name: "podium-cli",
      dependencies: ["Bronze", "Gold", "GymCommand", "PodiumCLI", "Silver"],
      path: "Sources/podium-cli", swiftSettings: strict),

    // Measuring.
    .executableTarget(
      name: "gym-bench", dependencies: ["Basics", "DataGen", "Faker", "Storage"],
      path: "Benchmarks/GymBench", swiftSettings: strict),
    .executableTarget(
      name: "delta-bench",
      dependencies: ["Basics", "DeltaLake", "Engines", "Lakehouse", "Storage"],
      path: "Benchmarks/DeltaBench", swiftSettings: strict),

    library("Shop", ["Podium"], path: "Examples/OnlineShop/Sources/Shop"),
    tests(of: "Shop", ["Podium", "PodiumTesting"], path: "Examples/OnlineShop/Tests/ShopTests"),
    library("OpenData", ["Podium"], path: "Examples/OpenData/Sources/OpenData"),
    tests(
      of: "OpenData", ["Podium", "PodiumTesting"], path: "Examples/OpenData/Tests/OpenDataTests"),
    .testTarget(
      name: "ExampleTests",
      dependencies: [
        "Basics", "Bronze", "DataGen", "Engines", "Faker", "Gold", "Lakehouse", "OpenData",
        "Podium", "Portability", "Runner", "RunnerTestKit", "Shop", "Silver", "Storage", "TestKit",
      ], path: "Tests/ExampleTests", swiftSettings: unoptimised),
    .testTarget(
      name: "GymTests",
      dependencies: [
        "Bronze", "Gold", "Podium", "PodiumTesting", "Runner", "RunnerTestKit", "Silver",
      ],
      path: "Tests/GymTests", swiftSettings: unoptimised),
    .testTarget(
      name: "GuideTests",
      dependencies: ["PackageTestKit", "Podium", "TestKit"],
      path: "Tests/GuideTests", swiftSettings: unoptimised),

    // Tests, and what several of them share.
    library("TestKit", ["Basics", "Storage", "TestFiles"], path: "Tests/TestKit"),
    library(
      "DeltaTestKit", ["Basics", "DeltaLake", "Storage", "TestKit"], path: "Tests/DeltaTestKit"),
    .target(name: "ClockShift", path: "Tests/ClockShift"),
    .executableTarget(
      name: "lake-lock-holder", dependencies: ["Lakehouse"], path: "Tests/LakeLockHolder",
      swiftSettings: strict),
    .executableTarget(
      name: "table-writer",
      dependencies: ["Basics", "DeltaLake", "Lakehouse", "Storage", "TestKit"],
      path: "Tests/TableWriter", swiftSettings: strict),
    library(
      "RunnerTestKit",
      [
        "Basics", "DeltaLake", "Engines", "Lakehouse", "Networking", "Podium", "PodiumTesting",
        "Runner", "Storage", "TestKit",
      ],
      path: "Tests/RunnerTestKit"),
    library(
      "CLITestKit",
      [
        "Basics", "Bronze", "Engines", "Gold", "Lakehouse", "Podium", "Runner", "RunnerTestKit",
        "S3", "Silver", "Storage", "TestKit",
      ],
      path: "Tests/CLITestKit"),
    library("PackageTestKit", ["Basics", "Storage", "TestKit"], path: "Tests/PackageTestKit"),
    tests(of: "ArgumentParsing"),
    tests(of: "Basics"),
    tests(of: "Podium", ["Basics"]),
    tests(of: "Portability", ["Basics", "Lakehouse", "RunnerTestKit", "Storage", "TestKit"]),
    tests(of: "Engines", ["Basics", "Lakehouse", "Podium", "TestKit"]),
    tests(
      of: "SparkEngine",
      [
        "Basics", "DeltaLake", "Engines", "Lakehouse", "Podium", "PodiumTesting", "Runner",
        "RunnerTestKit", "Storage", "TestKit",
      ]),
    tests(of: "DeltaLake", ["Basics", "DeltaTestKit", "Storage", "TestKit"]),
    tests(
      of: "Lakehouse",
      [
        "Basics", "DeltaLake", "DeltaTestKit", "Engines", "Podium", "S3", "Storage", "TestKit",
        "lake-lock-holder", "table-writer",
      ]),
    tests(
      of: "Lineage",
      [
        "Basics", "Bronze", "Engines", "Faker", "Gold", "Lakehouse", "Podium", "Silver",
        "TestKit",
      ]),
    tests(
      of: "Documentation",
      [
        "Basics", "Bronze", "CLITestKit", "Engines", "Gold", "Lakehouse", "Lineage", "Podium",
        "Silver", "TestKit", "podium-cli",
      ]),
    tests(of: "Rendering", ["Engines"]),
    tests(
      of: "Scaffolding",
      ["Bronze", "Engines", "PackageTestKit", "Podium", "Silver", "Storage", "TestKit"]),
    tests(of: "PodiumTesting", ["Podium", "RunnerTestKit"]),
    tests(
      of: "Runner",
      [
        "Basics", "DeltaLake", "Engines", "Faker", "Gold", "Landing", "Lakehouse", "Podium",
        "RunnerTestKit", "SQLite", "Silver", "Storage", "TestKit",
      ]),
    .testTarget(
      name: "CLITests",
      dependencies: [
        "ArgumentParsing", "Basics", "Bronze", "CLITestKit", "Faker", "Gold", "Lakehouse", "Podium",
        "PodiumCLI", "RunnerTestKit", "S3", "Silver", "SQLite", "Storage", "TestKit",
      ], path: "Tests/CLITests", swiftSettings: unoptimised),
    .testTarget(
      name: "BadInputTests",
      dependencies: [
        "Basics", "CLITestKit", "Faker", "Lakehouse", "Podium", "RunnerTestKit", "S3",
        "Storage", "TestKit", "podium-cli",
      ], path: "Tests/BadInputTests", swiftSettings: unoptimised),
    tests(
      of: "LakeCare",
      [
        "Basics", "DeltaLake", "Engines", "Faker", "Lakehouse", "Podium", "Runner", "RunnerTestKit",
        "Storage", "TestKit",
      ]),
    tests(of: "S3", ["Basics", "Storage", "TestKit"]),
    tests(of: "SQLite", ["TestKit"]),
    tests(of: "Scheduling", ["Basics", "TestKit"]),
    tests(of: "Networking", ["Basics", "TestKit"]),
    tests(
      of: "Observability",
      [
        "Basics", "Lakehouse", "Networking", "Podium", "Runner", "RunnerTestKit", "SQLite",
        "Storage", "TestKit",
      ]),
    tests(of: "Landing", ["Basics", "Storage", "TestKit"]),
    tests(of: "Storage", ["Basics", "TestKit"]),
    tests(of: "Faker", ["Basics"]),
    tests(of: "DataGen", ["Basics", "Faker", "Storage", "TestKit"]),
  ]
)
