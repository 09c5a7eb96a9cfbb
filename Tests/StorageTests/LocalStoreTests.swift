import Glibc
import Storage
import TestKit
import Testing

@Suite("Odd things in a local folder")
struct LocalStoreTests {
  private let folder: TemporaryFolder
  private var store: LocalStore { LocalStore(root: folder.path) }

  init() throws { folder = try TemporaryFolder() }

  @Test("Links that lead nowhere are listed with 0 bytes, and are known as such")
  func deadLinks() throws {
    try store.put("a", [1, 2])
    for (link, target) in [("b", "nowhere"), ("c", "c"), ("d", "a")] {
      try #require(symlink(target, "\(folder.path)/\(link)") == 0)
    }
    #expect(try store.listFolder("").map(\.path) == ["a", "b", "c", "d"])
    #expect(try store.listFolder("").map(\.size) == [2, 0, 0, 2])
    #expect(["a", "b", "c", "d", "e"].map(store.isDeadLink) == [false, true, true, false, false])
    #expect(throws: StorageError.self) { try store.read("b") }
  }

  @Test("A link that leads back to a folder above it is not followed, another one is")
  func linkLoop() throws {
    try store.put("a/b", [1])
    for link in ["a/c", "d"] {
      try #require(symlink(link == "d" ? "a" : "..", "\(folder.path)/\(link)") == 0)
    }
    #expect(try store.list("").map(\.path) == ["a/b", "d/b"])
    #expect(try store.list("a/").map(\.path) == ["a/b"])
    #expect(try store.listFolder("a/").map(\.path) == ["a/b", "a/c/"])
    #expect(["a", "a/b", "a/c", "d", "e"].map(store.isLink) == [false, false, true, true, false])
  }

  @Test("A file that has content but tells no size is refused, and not taken for an empty one")
  func noSize() throws {
    try #require(symlink("/proc/self/status", "\(folder.path)/status") == 0)
    #expect(throws: StorageError.self) { try store.read("status") }
    try store.put("empty", [])
    #expect(try store.read("empty") == [])
  }

  @Test("Unfinished writes are removed from one folder, and nothing else is")
  func temporaries() throws {
    for name in [".tmp-1", "a/.tmp-2", "tmp-3", "a/b"] { try store.put(name, [1]) }
    store.removeTemporaries("a")
    #expect(try store.list("").map(\.path) == ["a/b", "tmp-3"])
    #expect(access("\(folder.path)/.tmp-1", F_OK) == 0)
    #expect(access("\(folder.path)/a/.tmp-2", F_OK) != 0)
    store.removeTemporaries("")
    #expect(access("\(folder.path)/.tmp-1", F_OK) != 0)
  }
}
