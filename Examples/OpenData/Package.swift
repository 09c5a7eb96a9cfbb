// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "open-data",
  dependencies: [.package(name: "podium", path: "../..")],
  targets: [
    .target(name: "OpenData", dependencies: [.product(name: "Podium", package: "podium")]),
    .executableTarget(
      name: "opendata",
      dependencies: ["OpenData", .product(name: "PodiumCLI", package: "podium")],
      path: "Sources/opendata-cli"),
    .testTarget(
      name: "OpenDataTests",
      dependencies: ["OpenData", .product(name: "PodiumTesting", package: "podium")]),
  ]
)
