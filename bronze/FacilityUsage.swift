import Podium

extension Bronze {
  /// One row per use of a sauna, pool, steam bath or court.
  public static let facilityUsage = Table(
    "bronze.facility_usage",
    about: "One row per use of a sauna, pool, steam bath or court.",
    landing: "facility_usage",
    columns: [
      .string("usage_id", "The use."),
      .string("member_id", "The member.", identifies: .person),
      .string("location_id", "The club."),
      .string("facility", "sauna, pool, steam or court."),
      .string("started_at", "Start, with the local offset."),
      .string("duration_minutes", "Minutes."),
    ])
}
