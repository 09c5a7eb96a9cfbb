import Basics

/// What the files of a checkpoint hold.
public struct CheckpointActions: Sendable {
  public var adds: [AddFile] = []
  public var removes: [RemoveFile] = []
  /// All other actions, each as the JSON of a line of the log.
  public var others: [JSON] = []

  public init() {}

  /// How many actions there are.
  public var count: Int { adds.count + removes.count + others.count }
}
