import Podium
import Runner
import RunnerTestKit

/// A small club: members, their trackers, bookings and what they wrote.
enum Club {
  static let feed = Table(
    "bronze.members", about: "One row per change of a member.", landing: "members",
    columns: [
      .string("id", "The member.", identifies: .person),
      .string("name", "A name.", personal: true), .string("email", "An e-mail.", personal: true),
      .string("phone", "A phone.", personal: true),
      .string("city", "A city."), .string("since", "When, a number."),
      .string("device", "The tracker.", identifies: "device"),
      .string("op", "put or delete."),
    ])
  static let bookingFeed = Table(
    "bronze.bookings", about: "One row per booking.", landing: "bookings",
    columns: [
      .string("booking", "The booking.", identifies: "booking"),
      .string("id", "Who books.", identifies: .person), .string("class", "The class."),
      .string("moment", "When, a number."), .string("price", "Money."),
    ])
  static let wordFeed = Table(
    "bronze.words", about: "One row per word about a booking.", landing: "words",
    columns: [
      .string("word", "The word."), .string("booking", "The booking.", identifies: "booking"),
      .string("comment", "Free text.", personal: true),
    ])
  static let pulseFeed = Table(
    "bronze.pulses", about: "One row per heart rate.", landing: "pulses",
    columns: [
      .string("device", "The tracker.", identifies: "device"), .string("moment", "When, a number."),
      .string("bpm", "Beats a minute."),
    ])
  static let classFeed = Table(
    "bronze.classes", about: "One row per class.", landing: "classes",
    columns: [.string("class", "The class."), .string("room", "Where.")])

  static let members = Table(
    "silver.members", about: "One row per member.",
    columns: [
      .string("id", "The member."), .string("city", "A city.", nullable: true),
      .int("since", "When it was so."),
    ], key: ["id"], write: .upsert(newestBy: "since", deleteWhen: "_op = 'delete'"),
    expect: [.row("the city is no number", "coalesce(city, '') <> '7'", else: .quarantine)],
    share: .none,
    query: """
      SELECT id, nullif(city, '') AS city, CAST(TRY_CAST(since AS DECIMAL(18, 0)) AS BIGINT) AS since,
        op AS _op, _file, _line
      FROM \(new: feed)
      """)
  static let histories = Table(
    "silver.member_states", about: "One row per state of a member.",
    columns: [
      .string("id", "The member."), .string("city", "A city.", nullable: true),
      .timestamp("changed_at", "When it was so."),
    ], key: ["id"], write: .history(changedAt: "changed_at", deleteWhen: "_op = 'delete'"),
    share: .none,
    query: """
      SELECT id, nullif(city, '') AS city,
        TIMESTAMP '2025-01-01 00:00:00' + TRY_CAST(since AS INTEGER) * INTERVAL '1' DAY
          AS changed_at, op AS _op, _file, _line
      FROM \(new: feed)
      """)
  static let bookings = Table(
    "silver.bookings", about: "One row per booking of a known member.",
    columns: [
      .string("booking", "The booking."), .string("id", "Who books."),
      .string("class", "The class."), .int("moment", "When."), .decimal("price", "Money."),
    ], key: ["booking"], write: .upsert(newestBy: "moment"),
    expect: [.references("id", in: members, else: .quarantine)], share: .none,
    query: """
      SELECT booking, id, class, TRY_CAST(moment AS BIGINT) AS moment,
        TRY_CAST(price AS DECIMAL(18, 2)) AS price, _file, _line
      FROM \(new: bookingFeed)
      """)
  static let log = Table(
    "silver.booking_log", about: "One row per report of a booking.",
    columns: [.string("booking", "The booking."), .int("moment", "When.")],
    key: ["booking"], write: .append, share: .none,
    query:
      "SELECT booking, TRY_CAST(moment AS BIGINT) AS moment, _file, _line FROM \(new: bookingFeed)")
  static let words = Table(
    "silver.words_pii", about: "One row per word.",
    columns: [
      .string("word", "The word."),
      .string("comment", "Free text.", nullable: true, personal: true),
    ], key: ["word"], write: .upsert(newestBy: "word"), share: .none,
    query: "SELECT word, comment, _file, _line FROM \(new: wordFeed)")
  static let visits = Table(
    "silver.visits", about: "One row per visit.",
    columns: [.string("class", "The class."), .timestamp("moment", "When.")],
    key: ["class", "moment"],
    write: .deduplicate(by: ["class"], within: .seconds(2), of: "moment"), share: .none,
    query: """
      SELECT class, TIMESTAMP '2025-01-01 00:00:00' + TRY_CAST(moment AS INTEGER) * INTERVAL '1' SECOND
        AS moment, _file, _line
      FROM \(new: bookingFeed)
      """)
  static let pulses = Table(
    "silver.pulses", about: "One row per heart rate.",
    columns: [
      .string("device", "The tracker."), .int("moment", "When."), .int("bpm", "Beats a minute."),
    ], key: ["device", "moment"], write: .upsert(newestBy: "moment"), share: .none,
    query: """
      SELECT device, TRY_CAST(moment AS BIGINT) AS moment, TRY_CAST(bpm AS BIGINT) AS bpm, _file, _line
      FROM \(new: pulseFeed)
      """)
  static let classes = Table(
    "silver.classes", about: "One row per class.",
    columns: [.string("class", "The class."), .string("room", "Where.")],
    key: ["class"], write: .upsert(newestBy: "room"), share: .none,
    query: "SELECT class, room, _file, _line FROM \(new: classFeed)")

  static let spending = Table(
    "gold.spending", about: "One row per member who booked.",
    columns: [
      .string("id", "The member."), .int("bookings", "How many."), .decimal("money", "Spent."),
    ], key: ["id"], write: .derived(by: .key("id")),
    query: """
      SELECT id, COUNT(*) AS bookings, CAST(SUM(price) AS DECIMAL(18, 2)) AS money
      FROM \(bookings) GROUP BY id
      """)
  static let rooms = Table(
    "gold.rooms", about: "One row per class that was booked.",
    columns: [
      .string("class", "The class."), .string("room", "Where.", nullable: true),
      .int("bookings", "How many."),
    ], key: ["class"], write: .derived(by: .key("class")),
    query: """
      SELECT b.class, min(c.room) AS room, COUNT(*) AS bookings
      FROM \(bookings) AS b LEFT JOIN \(classes) AS c ON b.class = c.class GROUP BY b.class
      """)
  static let list = Table(
    "gold.class_list", about: "One row per class.",
    columns: [.string("class", "The class."), .string("room", "Where.")],
    key: ["class"], write: .derived(by: .key("class")),
    query: "SELECT class, room FROM \(classes)")
  static let snapshots = Table(
    "gold.member_days", about: "One row per member and day on which it was computed.",
    columns: [.date("day", "The day."), .string("id", "The member."), .int("since", "When.")],
    key: ["day", "id"], write: .derived(by: .partition("day")), partitionedBy: ["day"],
    query: "SELECT \(.asOf) AS day, id, since FROM \(members)")
  static let pairs = Table(
    "silver.member_matches", about: "One row per id of somebody who has an older one.",
    columns: [
      .string("id", "The newer id.", identifies: .person),
      .string("same_as", "The oldest id.", identifies: .person),
    ], key: ["id"], write: .derived(by: .whole),
    query: """
      SELECT id, min(same_as) AS same_as FROM (
        SELECT id, min(id) OVER (PARTITION BY email) AS same_as FROM \(feed) WHERE email <> ''
      ) AS m WHERE id <> same_as GROUP BY id
      """)

  static let tables = [
    feed, bookingFeed, wordFeed, pulseFeed, classFeed, members, histories, bookings, log, words,
    visits, pulses, classes, pairs, spending, rooms, list, snapshots,
  ]
}
