import Podium

extension Bronze {
  /// One row per use of a machine.
  public static let equipmentUsage = Table(
    "bronze.equipment_usage",
    about: "One row per use of a machine.",
    landing: "equipment_usage",
    columns: [
      .string("usage_id", "The use."),
      .string("machine_id", "The machine, such as L01-TM-03."),
      .string(
        "machine_type",
        "treadmill, bike, rower, elliptical, leg_press, chest_press, lat_pulldown or cable."),
      .string("member_id", "The member.", identifies: .person),
      .string("location_id", "The club."),
      .string("reps", "Repetitions; 0 on machines for endurance."),
      .string("weight_kg", "Weight, kg; 0.0 on machines for endurance."),
      .string("seconds", "How long, s."),
      .string("used_at", "Start, with the local offset."),
    ])
}
