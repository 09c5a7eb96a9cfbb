import Basics
import Podium
import Storage

/// Something in the landing zone that no table takes in.
public enum LandingStray: Hashable, Sendable {
  /// A folder that is no table's and holds files; `meant` is a table's folder of nearly that name.
  case folder(String, files: Int, meant: String?)
  /// A file that lies outside of all tables' folders; `meant` is the folder that its name tells.
  case file(String, meant: String?)
  /// A folder that could not be looked through.
  case unlisted(StorageError)
}

extension LandingStray: CustomStringConvertible {
  public var description: String {
    switch self {
    case .folder(let path, let files, let meant):
      "landing/\(path)/ is no table's folder: its \(counted(files, "file")) "
        + "\(files == 1 ? "was" : "were") not read."
        + (meant.map { " Did you mean 'landing/\($0)/'?" } ?? LandingStray.listed)
    case .file(let path, let meant):
      "landing/\(path) is in no table's folder and was not read. "
        + (meant.map { "Move it to 'landing/\($0)/'?" } ?? "Move it to the folder of its table.")
    case .unlisted(let error): "\(error)"
    }
  }

  private static let listed =
    " Rename it to a table's folder, or declare a bronze table for it; names that begin with _ are "
    + "left alone."
}

extension Runner {
  /// What lies in the landing zone outside of the folders of the project's tables.
  ///
  /// Nothing is told where none of the selected tables takes in files. Names that begin with `.` or
  /// `_` are hidden.
  public func strays(_ selectors: [Selector] = []) throws(UnknownSelector) -> [LandingStray] {
    guard try graph.select(selectors).contains(where: { $0.landing != nil }) else { return [] }
    let folders = graph.ordered.compactMap { $0.landing?.folder }
    return LandingStrays(landing: lake.landing, folders: folders).found()
  }
}

/// Looks for what lies outside of some folders of the landing zone.
struct LandingStrays {
  let landing: any ObjectStore
  /// The folders of tables, without slashes at their ends.
  let folders: [String]

  func found() -> [LandingStray] { found(in: "") }

  private func found(in folder: String) -> [LandingStray] {
    var strays: [LandingStray] = []
    do throws(StorageError) {
      for object in try landing.listFolder(folder) where !LandingWalk.isHidden(object.path) {
        strays += try examine(object)
      }
    } catch {
      strays.append(.unlisted(error))
    }
    return strays
  }

  private func examine(_ object: ObjectInfo) throws(StorageError) -> [LandingStray] {
    guard object.path.hasSuffix("/") else {
      return [.file(object.path, meant: home(ofFile: object.path))]
    }
    let path = String(object.path.dropLast())
    if folders.contains(path) { return [] }
    // A table's folder may lie deeper.
    if folders.contains(where: { $0.hasPrefix(object.path) }) { return found(in: object.path) }
    let walk = try LandingWalk(landing, path)
    let files = walk.files.count + walk.refused.count
    return files == 0 ? [] : [.folder(path, files: files, meant: nearest(path, in: folders))]
  }

  /// The folder whose last name a file's name begins with, or nearly is.
  private func home(ofFile path: String) -> String? {
    let name = lastPathComponent(path).lowercased()
    let stem = String(name.prefix { $0 != "." })
    let beginning = folders.filter { name.hasPrefix(lastPathComponent($0).lowercased()) }
    return beginning.max { $0.utf8.count < $1.utf8.count } ?? nearest(stem, in: folders)
  }
}
