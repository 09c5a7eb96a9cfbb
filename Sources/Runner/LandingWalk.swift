import Landing
import Storage

/// The files of a folder of the landing zone and of the folders below it, each once.
///
/// Names that begin with `.` or `_` are hidden. Links are followed, but not to a folder that holds
/// them or that is walked already: its files would be read again under other names.
struct LandingWalk {
  private(set) var files: [LandingFile] = []
  /// What stands in the place of a file and cannot be opened.
  private(set) var refused: [(file: LandingFile, error: StorageError)] = []

  private let landing: any ObjectStore
  /// Addresses of the folders that are walked, or that hold the first of them.
  private var known: [FolderIdentity: String] = [:]
  /// Links to folders; they wait until all that is no link has been walked.
  private var links: [(file: LandingFile, identity: FolderIdentity)] = []

  init(_ landing: any ObjectStore, _ folder: String) throws(StorageError) {
    self.landing = landing
    guard landing.identity(ofFolder: "") != nil else {
      try list(folder + "/")
      return
    }
    var address = landing.address(folder)
    while true {
      if let identity = FolderIdentity(at: address) { known[identity] = address }
      if address == "/" { break }
      address = parentPath(address)
    }
    try walk(folder + "/")
    var next = 0
    while next < links.count {
      let (file, identity) = links[next]
      try enter(file, identity)
      next += 1
    }
  }

  /// Takes the files of a store that has no links, with one listing.
  private mutating func list(_ folder: String) throws(StorageError) {
    var folders: Set<String> = []
    for object in try landing.list(folder) {
      var parts = object.path.dropFirst(folder.count).split(separator: "/").map(String.init)
      if parts.contains(where: LandingWalk.isHidden) { continue }
      parts.removeLast()
      var path = folder
      let isInFile = parts.contains { part in
        path += part + "/"
        return (try? LandingFormat(fileName: part)) != nil
      }
      guard isInFile else {
        files.append(
          LandingFile(path: object.path, size: object.size, modified: object.modified))
        continue
      }
      if folders.insert(path).inserted {
        let file = LandingFile(path: String(path.dropLast()), size: 0, modified: object.modified)
        refuse(file, .isAFolder)
      }
    }
  }

  /// Walks through a folder unless that was done before.
  private mutating func enter(
    _ file: LandingFile, _ identity: FolderIdentity
  ) throws(StorageError) {
    let address = landing.address(file.path)
    if let other = known[identity] {
      refused.append((file, StorageError(.linkLoop, .read, address, detail: other)))
    } else {
      known[identity] = address
      try walk(file.path + "/")
    }
  }

  private mutating func walk(_ folder: String) throws(StorageError) {
    for object in try landing.listFolder(folder) where !LandingWalk.isHidden(object.path) {
      let isFolder = object.path.hasSuffix("/")
      let path = isFolder ? String(object.path.dropLast()) : object.path
      let file = LandingFile(path: path, size: object.size, modified: object.modified)
      if file.size == 0, !isFolder, landing.isDeadLink(path) {
        refuse(file, .notFound)
      } else if !isFolder {
        files.append(file)
      } else if (try? LandingFormat(fileName: lastPathComponent(path))) != nil {
        refuse(file, .isAFolder)
      } else if let identity = landing.identity(ofFolder: path) {
        if landing.isLink(path) {
          links.append((file, identity))
        } else {
          try enter(file, identity)
        }
      }
    }
  }

  private mutating func refuse(_ file: LandingFile, _ code: StorageError.Code) {
    refused.append((file, StorageError(code, .read, landing.address(file.path))))
  }

  /// True for names that no source sends: `.` and `_` begin them.
  /// - Parameter path: a folder's may end with `/`.
  static func isHidden(_ path: String) -> Bool {
    let name = lastPathComponent(path.hasSuffix("/") ? String(path.dropLast()) : path)
    return name.hasPrefix(".") || name.hasPrefix("_")
  }
}
