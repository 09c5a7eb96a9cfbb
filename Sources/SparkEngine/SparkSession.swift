import Basics
import DeltaLake
import Engines
import Synchronization

/// A session on a server with the views that were made on it.
///
/// All jobs of a process share it. Views go with it where the server is lost.
final class SparkSession: Sendable {
  /// The rows of files, by some columns.
  struct Key: Hashable {
    let files: [Scan.File]
    let fields: [StructField]
  }

  let connection: SparkConnect
  private let state = Mutex<(views: [Key: String], names: Int)>((views: [:], names: 0))

  init(_ connection: SparkConnect) { self.connection = connection }

  /// A name for a view that nothing else has.
  func newName() -> String {
    state.withLock { state in
      state.names += 1
      return SparkConnect.viewPrefix + String(state.names)
    }
  }

  /// The view of some rows; nil where there is none whose rows were counted.
  func view(_ key: Key) -> String? { state.withLock { $0.views[key] } }

  /// Has all views made anew.
  func forgetViews() { state.withLock { $0.views = [:] } }

  /// Lets other jobs use views, whose rows were counted.
  func publish(_ views: [Key: String]) {
    state.withLock { $0.views.merge(views) { known, _ in known } }
  }
}
