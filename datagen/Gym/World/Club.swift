import Basics
import Faker

/// One place of the chain.
struct Club: Sendable {
  /// From 0.
  let index: Int
  /// `L01`, `L02` … `L500`.
  let id: String
  let name: String
  let city: String
  /// Two capital letters.
  let state: String
  let zone: USZone

  private static let homes = [
    ("New York", "NY"), ("Chicago", "IL"), ("Los Angeles", "CA"), ("Denver", "CO"),
    ("Phoenix", "AZ"), ("Seattle", "WA"), ("Boston", "MA"), ("Atlanta", "GA"), ("Miami", "FL"),
    ("Houston", "TX"), ("Detroit", "MI"), ("Minneapolis", "MN"), ("Las Vegas", "NV"),
    ("Salt Lake City", "UT"), ("Honolulu", "HI"), ("Anchorage", "AK"), ("Philadelphia", "PA"),
    ("Nashville", "TN"), ("New Orleans", "LA"), ("Kansas City", "MO"), ("Charlotte", "NC"),
    ("Columbus", "OH"), ("Indianapolis", "IN"), ("Boise", "ID"), ("Albuquerque", "NM"),
    ("Milwaukee", "WI"), ("Portland", "OR"), ("Baltimore", "MD"), ("Richmond", "VA"),
    ("Omaha", "NE"), ("Tulsa", "OK"), ("Birmingham", "AL"),
  ]

  private static let quarters = [
    "Downtown", "Riverside", "Midtown", "Old Town", "Harbor", "Heights", "Market", "Station",
    "Parkside", "University", "Lakeview", "Hillcrest", "Arsenal", "Foundry", "Meadows",
    "Crossing",
  ]

  /// The club of an index; 512 have different names.
  init(_ index: Int) {
    let home = Club.homes[index % Club.homes.count]
    let quarter = Club.quarters[index / Club.homes.count % Club.quarters.count]
    self.index = index
    id = "L" + padded(index + 1, 2)
    name = "Summit \(home.0) \(quarter)"
    city = home.0
    state = home.1
    zone =
      USState(code: home.1).flatMap { USZone($0.timeZone) } ?? USZone("America/New_York")
      ?? Club.utc
  }

  private static let utc = USZone(
    name: "UTC", standardMinutes: 0, observesDaylightTime: false)
}

extension USZone {
  init(name: String, standardMinutes: Int, observesDaylightTime: Bool) {
    self.name = name
    self.standardMinutes = standardMinutes
    self.observesDaylightTime = observesDaylightTime
  }
}
