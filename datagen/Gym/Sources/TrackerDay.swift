import Faker

/// What a tracker says of one day; distances in hundredths of a kilometre.
struct TrackerDay {
  var steps = 0
  var distance = 0
  var logged = 0
  var very = 0
  var moderate = 0
  var light = 0
  var sedentary = 0
  var veryMinutes = 0
  var fairMinutes = 0
  var lightMinutes = 0
  var sedentaryMinutes = 1440
  var calories = 0

  /// A day on which the tracker lay on the table.
  init(idle rest: Double) { calories = Int(rest) }

  /// A day with some steps, and more of them for time in the gym.
  ///
  /// The proportions are those of Fitbit's public export of 2016: 0.72 m a step, half of the
  /// distance light, 0.08 kcal a step above rest.
  init(steps usual: Double, rest: Double, gymMinutes: Int, _ random: inout SeededRandom) {
    let training = Double(min(gymMinutes, 120))
    let walked = usual * 0.9 + training * 45 * random.unit()
    steps = min(40_000, max(24, Int(walked)))
    let metres = Double(steps) * (0.68 + 0.09 * random.unit())
    distance = Int(metres / 10)
    let vigour = gymMinutes > 0 ? 0.22 + 0.25 * random.unit() : 0.3 * random.unit() * random.unit()
    very = Int(Double(distance) * vigour)
    moderate = Int(Double(distance) * (0.04 + 0.14 * random.unit()))
    light = distance - very - moderate
    if random.chance(0.07) { sedentary = 1 + random.below(2) }
    if random.chance(0.03) { logged = 150 + random.below(300) }
    veryMinutes = min(210, very / 9 + Int(training * 0.3 * random.unit()))
    fairMinutes = min(140, moderate / 4)
    lightMinutes = min(500, Int(Double(steps) * 0.018 + 70 * random.unit()))
    let worn = random.chance(0.55) ? 960 + random.below(120) : 1440
    sedentaryMinutes = max(0, worn - veryMinutes - fairMinutes - lightMinutes)
    calories = Int(rest + Double(steps) * 0.062 + Double(veryMinutes) * 4.5)
  }
}
