import Podium

extension Silver {
  /// Machines, workouts and heart rates.
  public static let trainingTables: [Table] = [
    equipmentUsage, workouts, completedWorkouts, unpairedWorkouts, heartRate, workoutBPM, userBins,
  ]

  /// Numbers that define what tables of training mean; each stands here once.
  public enum Training {
    /// Heart rates that somebody can have, beats a minute.
    public static let bpm: ClosedRange<Int64> = 25...240
    /// Seconds that a workout may take; who stops it later has forgotten to.
    public static let longestWorkout = 86_400
  }
}
