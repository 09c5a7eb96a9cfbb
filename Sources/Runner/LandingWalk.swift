import Landing
import Storage

/// The files of a folder of the landing zone and of the folders below it.
///
/// Names that begin with `.` or `_` are hidden.
struct LandingWalk {
  private(set) var files: [LandingFile] = []
  /// What stands in the place of a file and cannot be opened.
  private(set) var refused: [(file: LandingFile, error: StorageError)] = []

  private let landing: LocalStore

  init(_ landing: LocalStore, _ folder: String) throws(StorageError) {
    self.landing = landing
    try walk(folder + "/")
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
      } else {
        try walk(object.path)
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
