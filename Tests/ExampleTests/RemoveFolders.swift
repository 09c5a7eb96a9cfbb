import Glibc
import Storage

/// Removes a folder of which only folders are left.
func removeEmptyFolders(_ path: String) {
  for folder in (try? LocalStore(root: path).listFolder("")) ?? [] where folder.path.hasSuffix("/")
  {
    removeEmptyFolders(path + "/" + folder.path.dropLast())
  }
  rmdir(path)
}
