import Podium

extension Silver {
  /// Members, classes and marketing: the star around them, and what only they need.
  public static let peopleTables: [Table] = [
    memberHistory, leads, registrations, devices, appEvents, classFeedback, classFeedbackPII,
    memberIDs, dimUsers, dimClasses, dimLocations, dimInstructors, classSessions, memberDays,
  ]
}
