import Basics

/// Why a gym cannot be made as asked.
public enum GymError: Error, Hashable, Sendable {
  /// A choice lies outside its limits.
  case outOfRange(GymOption, given: String, from: String, to: String)
  /// A choice has a name that is not known.
  case unknownName(GymOption, given: String, known: [String])
  /// A new gym was to go into a folder that holds something already, for example this file.
  case folderNotEmpty(String, example: String)
  /// A gym was to be continued where none began.
  case nothingToContinue(String)
  /// A gym was to be continued with another choice than it began with.
  case contradiction(GymOption, began: String, given: String, record: String)
  /// The record of a gym cannot be read.
  case recordDamaged(String, detail: String)
  /// The record of a gym was written by a generator that makes other rows.
  case otherGenerator(String, found: Int64, known: Int64)
}

extension GymError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .outOfRange(let option, let given, let from, let to):
      "--\(option.rawValue) \(given) makes no gym: give \(from) to \(to)"
    case .unknownName(let option, let given, let known):
      "--\(option.rawValue) knows no '\(given)'.\(didYouMean(given, in: known))"
        + " Known are \(known.joined(separator: ", "))"
    case .folderNotEmpty(let folder, let example):
      "\(folder) is not empty (it holds \(example)): choose an empty folder,"
        + " or go on with the gym in it with --continue"
    case .nothingToContinue(let record):
      "there is no gym to continue: \(record) does not exist; leave out --continue to begin one"
    case .contradiction(let option, let began, let given, let record):
      "--\(option.rawValue) \(given) contradicts the gym that is to be continued, which began with"
        + " \(began) (\(record)): leave the option out, or begin a gym in another folder"
    case .recordDamaged(let record, let detail):
      "\(record) is damaged (\(detail)): begin the gym anew in an empty folder"
    case .otherGenerator(let record, let found, let known):
      "\(record) was written by generator \(found), and this is generator \(known), whose rows"
        + " differ: begin the gym anew in an empty folder"
    }
  }
}
