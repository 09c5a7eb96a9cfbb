import Podium

extension Bronze {
  /// One row per registration of a tracker.
  public static let registrations = Table(
    "bronze.registrations",
    about: "One row per registration of a tracker.",
    landing: "registrations",
    columns: [
      .string("registration_id", "The registration."),
      .string("device_id", "Number of the tracker.", identifies: "device"),
      .string("member_id", "Who wears it.", identifies: .person),
      .string("mac_address", "Network address of the tracker.", personal: true),
      .string("registered_at", "When, in seconds since 1970, UTC."),
    ])
}
