import Basics

/// What the user may choose about a gym, each by the name of its option on the command line.
public enum GymOption: String, CaseIterable, Hashable, Sendable {
  case members, clubs, days, from, seed, quirks, format, sources
  case heartRateEvery = "heart-rate-every"
  case heartRateShare = "heart-rate-share"
}

/// A wish for a gym; what is nil takes its default, or, when a gym is continued, what it began with.
public struct GymOptions: Hashable, Sendable {
  /// Members on the first day, 1 to 2,000,000; 5,000 by default.
  public var members: Int?
  /// Clubs of the chain, 1 to 500; 3 by default (New York, Chicago, Los Angeles).
  public var clubs: Int?
  /// Days to write; 60 by default.
  ///
  /// All days of a gym together are at most 3,660, and fewer from 600,000 members on.
  public var days: Int?
  /// The first day; 2025-01-01 by default.
  public var from: CivilDate?
  /// Another seed gives another gym; 42 by default.
  public var seed: UInt64?
  /// The share of rows that get each kind of fault, 0 to 0.5; 0.02 by default.
  public var quirks: Double?
  /// NDJSON by default.
  public var format: GymFormat?
  /// The sources to write; all by default.
  ///
  /// What a source holds does not depend on the others.
  public var sources: [GymSource]?
  /// Seconds from one heart rate to the next, 1 to 600; 5 by default.
  public var heartRateEvery: Int?
  /// The share of members whose heart rate is recorded, 0 to 0.3; 0.02 by default.
  ///
  /// They are among the 30 % who wear a tracker.
  public var heartRateShare: Double?

  public init(
    members: Int? = nil, clubs: Int? = nil, days: Int? = nil, from: CivilDate? = nil,
    seed: UInt64? = nil, quirks: Double? = nil, format: GymFormat? = nil,
    sources: [GymSource]? = nil, heartRateEvery: Int? = nil, heartRateShare: Double? = nil
  ) {
    self.members = members
    self.clubs = clubs
    self.days = days
    self.from = from
    self.seed = seed
    self.quirks = quirks
    self.format = format
    self.sources = sources
    self.heartRateEvery = heartRateEvery
    self.heartRateShare = heartRateShare
  }
}
