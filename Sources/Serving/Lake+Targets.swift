import Basics
import Glibc
import Lakehouse
import Storage

/// The file that a path means, links followed; the path itself where there is none.
func resolved(_ path: String) -> String {
  guard let real = realpath(path, nil) else { return path }
  defer { free(real) }
  return String(cString: real)
}

extension Lake {
  /// Where in the lake the folder of a file lies, links followed: empty for the lake's own folder, else
  /// with a slash at its end; nil outside.
  func folder(ofTarget target: String) -> String? {
    let root = (isLocal ? resolved(self.root) : self.root) + "/"
    let isLocal = target.hasPrefix("/")
    let folder = (isLocal ? resolved(parentPath(target)) : parentPath(target)) + "/"
    return folder.hasPrefix(root) ? String(folder.dropFirst(root.count)) : nil
  }
}
