// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "online-shop",
  dependencies: [.package(name: "podium", path: "../..")],
  targets: [
    .target(name: "Shop", dependencies: [.product(name: "Podium", package: "podium")]),
    .executableTarget(
      name: "shop",
      dependencies: ["Shop", .product(name: "PodiumCLI", package: "podium")],
      path: "Sources/shop-cli"),
    .testTarget(
      name: "ShopTests",
      dependencies: ["Shop", .product(name: "PodiumTesting", package: "podium")]),
  ]
)
