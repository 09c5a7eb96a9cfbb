import Basics
import Lakehouse
import Podium

extension Session {
  /// The lake as the environment sees it that was asked for.
  ///
  /// A run makes what it selects the environment's own.
  func inEnvironment(_ lake: Lake) throws -> Lake {
    guard let name = environmentName else { return lake }
    let graph = try graph()
    var more: [Table] = []
    if values.isDeclared("full-refresh") {
      more = try graph.select(try values.strings("selector").map(Selector.init))
    } else {
      let known = try lake.environments()
      guard known.contains(name) else {
        let near = didYouMean(name, in: known)
        throw WrongUsage(
          description: "there is no environment '\(name)'.\(near) "
            + "'\(project.name) run --env \(name)' makes one.")
      }
    }
    return lake.within(try lake.environment(name, of: graph.ordered, with: more))
  }

  /// Refuses an environment for what it cannot have.
  func refuseEnvironment(_ reason: String) throws {
    guard let name = environmentName else { return }
    throw WrongUsage(
      description: "\(reason): leave out --env \(name) and PODIUM_ENV.")
  }
}
