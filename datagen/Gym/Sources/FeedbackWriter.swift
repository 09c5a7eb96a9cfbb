import Basics
import Faker

/// Writes what members think of classes, and what they made of it later.
struct FeedbackWriter: SourceWriter {
  /// A form that is to be sent, or sent again.
  private struct Form {
    /// From 1; 0 until it is sent first.
    var number = 0
    var attendance: UInt32
    var instructor: UInt16
    var type: ClassType
    /// Seconds since 1970.
    var submitted: Int
    var at: Int
    var club: UInt16
    /// The last rating in range that was sent.
    var valid: Int?
  }

  var rows: RowWriter
  private let seed: UInt64
  private let clubs: [Club]
  private let epoch: Int
  private var dates = DateBytes()
  private var strangers: QuirkSampler
  private var calendar: [Int: [Form]] = [:]
  private(set) var keys = 0
  private var outOfRange = 0
  private var edits = 0
  /// By instructor: ratings and their sum, after all edits.
  private var sums: [UInt16: (count: Int, sum: Int)] = [:]
  private var typeSums: [ClassType: (count: Int, sum: Int)] = [:]

  init(_ simulation: Simulation) {
    rows = RowWriter(.classFeedback, simulation.settings)
    seed = simulation.seed
    clubs = simulation.clubs
    epoch = simulation.epochDay * 86_400
    strangers = QuirkSampler(simulation.settings, .classFeedback, "ratings_out_of_range")
  }

  var counts: [(name: String, count: Int)] {
    [("ratings_out_of_range", outOfRange), ("edits", edits)]
  }

  var expected: [JSON.Member] {
    [
      .init(
        "rating_by_instructor",
        .object(
          sums.sorted { $0.key < $1.key }.map { instructor, sums in
            .init(
              "I" + padded(Int(instructor) + 1, 5),
              .object([.init("ratings", .int(sums.count)), .init("sum", .int(sums.sum))]))
          })),
      .init(
        "rating_by_class_type",
        .object(
          typeSums.sorted { $0.key.rawValue < $1.key.rawValue }.map { type, sums in
            .init(
              type.name.description.lowercased(),
              .object([.init("ratings", .int(sums.count)), .init("sum", .int(sums.sum))]))
          })),
    ]
  }

  mutating func write(_ day: DayEvents) {
    var random = SeededRandom(seed: seed, "feedback", UInt64(bitPattern: Int64(day.day)))
    let types = Dictionary(day.classes.map { ($0.number, $0.type) }) { first, _ in first }
    for event in day.attendance where event.outcome == .attended {
      guard random.chance(Ratings.share), let type = types[event.number] else { continue }
      // A class lasts 60 minutes at most, and nobody checks in more than twelve minutes before.
      let at = epoch + Int(event.checkIn) + 75 * 60 + random.below(26 * 3600)
      plan(
        Form(
          attendance: event.attendance, instructor: event.instructor, type: type,
          submitted: at, at: at, club: event.club, valid: nil))
    }
    let due = (calendar.removeValue(forKey: day.day) ?? []).sorted {
      ($0.at, $0.attendance) < ($1.at, $1.attendance)
    }
    for form in due { write(form) }
  }

  /// Puts a form into the calendar, on the local day of the club.
  private mutating func plan(_ form: Form) {
    let day = clubs[Int(form.club)].zone.localDay(form.at)
    calendar[day, default: []].append(form)
  }

  private mutating func write(_ due: Form) {
    var form = due
    var random = SeededRandom(
      seed: SeededRandom.combine(seed, UInt64(form.attendance)), "rating",
      UInt64(bitPattern: Int64(form.at)))
    let quality = Ratings.quality(seed: seed, instructor: Int(form.instructor))
    let rating = Ratings.draw(quality: quality, &random)
    let isNew = form.number == 0
    if isNew {
      keys += 1
      form.number = keys
    } else {
      edits += 1
    }
    var shown = rating
    if strangers.hits() {
      shown = [0, 6, 11, -1][Int(strangers.detail() % 4)]
      outOfRange += 1
    } else {
      count(rating, in: &form)
    }
    rows.beginRow()
    rows.id10(UInt8(ascii: "B"), form.number)
    rows.id10(UInt8(ascii: "A"), Int(form.attendance))
    rows.int(shown)
    if random.chance(Ratings.commented) {
      rows.text(Ratings.comment(rating, &random))
    } else {
      rows.null()
    }
    rows.utc(form.submitted, &dates)
    rows.utc(form.at, &dates)
    rows.endRow()
    guard isNew, random.chance(Ratings.edited) else { return }
    form.at += 86_400 + random.below(4 * 86_400)
    plan(form)
  }

  /// Counts a rating in range instead of the form's earlier one.
  private mutating func count(_ rating: Int, in form: inout Form) {
    for change in [form.valid.map { (0, -$0) } ?? (1, 0), (0, rating)] {
      sums[form.instructor, default: (0, 0)].count += change.0
      sums[form.instructor, default: (0, 0)].sum += change.1
      typeSums[form.type, default: (0, 0)].count += change.0
      typeSums[form.type, default: (0, 0)].sum += change.1
    }
    form.valid = rating
  }
}
