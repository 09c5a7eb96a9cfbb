import PackageTestKit
import Testing
