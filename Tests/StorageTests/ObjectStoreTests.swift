import Storage
import TestKit
import Testing

@Suite("Object stores")
struct ObjectStoreTests {
  /// A folder and memory keep the same promises.
  private func forBoth(_ test: (any ObjectStore) throws -> Void) throws {
    let folder = try TemporaryFolder()
    try test(LocalStore(root: folder.path))
    try test(MemoryStore())
  }

  @Test("Objects are listed by their prefix, after a path, in the order of their bytes")
  func lists() throws {
    try forBoth { store in
      for path in ["b/2", "a/z", "a/é", "a/b/c", "b/10", "c"] { try store.put(path, [1]) }
      #expect(try store.list("").map(\.path) == ["a/b/c", "a/z", "a/é", "b/10", "b/2", "c"])
      #expect(try store.list("a/").map(\.path) == ["a/b/c", "a/z", "a/é"])
      #expect(try store.list("b/1").map(\.path) == ["b/10"])
      #expect(try store.list("a/", after: "a/b/c").map(\.path) == ["a/z", "a/é"])
      #expect(try store.list("a/", after: "a/y").map(\.path) == ["a/z", "a/é"])
      #expect(try store.list("b/", after: "b/2").isEmpty)
      #expect(try store.list("b/", after: "a").count == 2)
      #expect(try store.list("d/").isEmpty)
      #expect(try store.listFolder("").map(\.path) == ["a/", "b/", "c"])
      #expect(try store.listFolder("a/").map(\.path) == ["a/b/", "a/z", "a/é"])
    }
  }

  @Test("An object is read, replaced, left alone and removed")
  func content() throws {
    try forBoth { store in
      try store.put("a", [1, 2, 3])
      #expect(try store.read("a", range: 1..<9) == [2, 3])
      #expect(try store.read("a", range: 5..<9).isEmpty)
      #expect(try !store.putIfAbsent("a", [9]))
      #expect(try store.putIfAbsent("b", [9]))
      try store.put("a", [4])
      #expect(try store.read("a") == [4])
      #expect(try store.info("a")?.size == 1)
      #expect(try store.info("c") == nil)
      try store.delete("a")
      try store.delete("a")
      #expect(try store.list("").map(\.path) == ["b"])
      #expect(throws: StorageError.self) { try store.read("a") }
    }
  }

  @Test("A copy of a store in memory holds the same, and goes its own way")
  func copies() throws {
    let store = MemoryStore()
    try store.put("a", [1])
    let copy = store.copy()
    #expect(try copy.list("") == store.list(""))
    try copy.put("b", [2])
    try store.delete("a")
    #expect(try copy.list("").map(\.path) == ["a", "b"])
    #expect(try store.list("").isEmpty)
  }
}
