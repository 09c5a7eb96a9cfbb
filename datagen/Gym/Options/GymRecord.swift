import Basics
import Storage

/// What `_truth/generator.json` says: how a gym began and how many of its days are complete.
struct GymRecord: Hashable, Sendable {
  /// Goes up whenever the same options give other bytes than before.
  static let generator: Int64 = 1
  static let path = "_truth/generator.json"

  let settings: GymSettings
  /// Days whose files are all there.
  var days: Int

  /// The record as one JSON object with a newline at its end.
  var bytes: [UInt8] {
    let json = JSON.object([
      .init("generator", .int(GymRecord.generator)),
      .init("members", .int(settings.members)),
      .init("clubs", .int(settings.clubs)),
      .init("from", .string(settings.from.description)),
      .init("seed", .int(settings.seed)),
      .init("quirks", .number("\(settings.quirks)")),
      .init("format", .string(settings.format.rawValue)),
      .init("sources", .array(settings.sources.map { .string($0.rawValue) })),
      .init("heart_rate_every", .int(settings.heartRateEvery)),
      .init("heart_rate_share", .number("\(settings.heartRateShare)")),
      .init("days", .int(days)),
    ])
    var bytes: [UInt8] = []
    json.write(to: &bytes)
    bytes.append(0x0A)
    return bytes
  }

  init(settings: GymSettings, days: Int) {
    self.settings = settings
    self.days = days
  }

  /// Reads the record of a store.
  /// - Throws: `GymError` where there is none, or none that this generator can go on from.
  init(reading store: any ObjectStore) throws {
    let address = store.address(GymRecord.path)
    guard try store.info(GymRecord.path) != nil else { throw GymError.nothingToContinue(address) }
    let json: JSON
    do {
      json = try JSON(parsing: store.read(GymRecord.path))
    } catch let error as JSONError {
      throw GymError.recordDamaged(
        address, detail: "\(error.reason.rawValue), byte \(error.offset)")
    }
    func damaged(_ name: String) -> GymError {
      .recordDamaged(address, detail: "no usable value for '\(name)'")
    }
    guard let generator = json["generator"]?.int else { throw damaged("generator") }
    guard generator == GymRecord.generator else {
      throw GymError.otherGenerator(address, found: generator, known: GymRecord.generator)
    }
    guard let days = json["days"]?.int, (0...Int64(GymSettings.maximumDays)).contains(days) else {
      throw damaged("days")
    }
    guard case .number(let seed)? = json["seed"], let seed = UInt64(seed) else {
      throw damaged("seed")
    }
    guard let members = json["members"]?.int else { throw damaged("members") }
    guard let clubs = json["clubs"]?.int else { throw damaged("clubs") }
    guard let from = json["from"]?.string.flatMap({ CivilDate($0) }) else { throw damaged("from") }
    guard let quirks = json["quirks"]?.double else { throw damaged("quirks") }
    guard let format = json["format"]?.string.flatMap(GymFormat.init(rawValue:)) else {
      throw damaged("format")
    }
    // Gyms that began before there were heart rates have no such choices.
    func heartRateEvery() throws -> Int? {
      guard let value = json["heart_rate_every"] else { return nil }
      guard let every = value.int else { throw damaged("heart_rate_every") }
      return Int(every)
    }
    func heartRateShare() throws -> Double? {
      guard let value = json["heart_rate_share"] else { return nil }
      guard let share = value.double else { throw damaged("heart_rate_share") }
      return share
    }
    guard let names = json["sources"]?.array?.map({ $0.string ?? "" }) else {
      throw damaged("sources")
    }
    let sources = names.compactMap(GymSource.init(rawValue:))
    guard sources.count == names.count else { throw damaged("sources") }
    settings = try GymSettings(
      GymOptions(
        members: Int(members), clubs: Int(clubs), from: from, seed: seed, quirks: quirks,
        format: format, sources: sources, heartRateEvery: try heartRateEvery(),
        heartRateShare: try heartRateShare()))
    self.days = Int(days)
  }

  /// Makes sure that what the user gives agrees with how the gym began.
  /// - Throws: `GymError.contradiction` naming the first option that does not.
  func agree(with options: GymOptions, record: String) throws(GymError) {
    func same<Value: Equatable>(
      _ option: GymOption, _ began: Value, _ given: Value?
    ) throws(GymError) {
      guard let given, given != began else { return }
      throw .contradiction(option, began: "\(began)", given: "\(given)", record: record)
    }
    try same(.members, settings.members, options.members)
    try same(.clubs, settings.clubs, options.clubs)
    try same(.from, settings.from, options.from)
    try same(.seed, settings.seed, options.seed)
    try same(.quirks, settings.quirks, options.quirks)
    try same(.format, settings.format.rawValue, options.format?.rawValue)
    try same(.heartRateEvery, settings.heartRateEvery, options.heartRateEvery)
    try same(.heartRateShare, settings.heartRateShare, options.heartRateShare)
    let names = settings.sources.map(\.rawValue).joined(separator: ",")
    let given = options.sources.map { wanted in
      GymSource.allCases.filter(Set(wanted).contains).map(\.rawValue).joined(separator: ",")
    }
    try same(.sources, names, given)
  }
}
