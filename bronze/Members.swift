import Podium

extension Bronze {
  /// One row per change of a member's profile, as the change feed sent it.
  public static let members = Table(
    "bronze.members",
    about: "One row per change of a member's profile, as the change feed sent it.",
    landing: "members",
    columns: [
      .string("sequence", "Number of the change; a greater one is newer."),
      .string("op", "insert, update or delete."),
      .string("changed_at", "When the profile changed, UTC."),
      .string("member_id", "The member.", identifies: .person),
      .string("full_name", "First and last name.", personal: true),
      .string("email", "E-mail address, as typed.", personal: true),
      .string("phone", "Phone number, as typed.", personal: true),
      .string("city", "Home city."),
      .string("state", "Home state, two letters."),
      .string("birth_year", "Year of birth."),
      .string("gender", "Gender as told, or nothing."),
      .string("home_club", "Club the member signed up at."),
      .string("device_id", "Number of the member's tracker.", identifies: "device"),
      .string("signup_date", "Day of signing up."),
      .string("email_consent", "true if e-mail is welcome."),
    ])
}
