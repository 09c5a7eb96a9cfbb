import Basics
import Glibc
import S3
import Storage

/// Where this machine keeps what it needs of lakes that lie elsewhere.
enum LakeCache {
  /// The folder of a lake in a bucket, in `PODIUM_CACHE`, else in the user's cache folder, else in the
  /// folder of temporary files.
  static func folder(_ store: S3Store, in named: String?) -> String {
    let name = ContentHash(of: Array("\(store.server) \(store.location)".utf8)).value
    return "\(named ?? place)/lakes/\(store.location.bucket)-\(String(name, radix: 16))"
  }

  private static var place: String {
    if let named = environment("PODIUM_CACHE") { return absolutePath(named) }
    if let cache = environment("XDG_CACHE_HOME") ?? environment("HOME").map({ $0 + "/.cache" }) {
      return absolutePath(cache) + "/podium"
    }
    return "\(environment("TMPDIR") ?? "/tmp")/podium-\(getuid())"
  }
}
