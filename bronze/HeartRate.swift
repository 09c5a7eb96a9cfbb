import Podium

extension Bronze {
  /// One row per heart rate that a tracker measured.
  public static let heartRate = Table(
    "bronze.heart_rate",
    about: "One row per heart rate that a tracker measured.",
    landing: "heart_rate",
    columns: [
      .string("device_id", "Number of the tracker.", identifies: "device"),
      .string("bpm", "Beats a minute."),
      .string("at", "When, UTC."),
    ])
}
