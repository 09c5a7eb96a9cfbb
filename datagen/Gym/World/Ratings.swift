import Faker

/// What members think of the classes they came to.
enum Ratings {
  /// Of the bookings that were attended, how many are rated.
  static let share = 0.15
  /// Of the ratings, how many are written anew some days later.
  static let edited = 0.08
  /// Of the ratings, how many come with a comment.
  static let commented = 0.55

  /// How well somebody teaches, 2.6 to 4: the mean of the ratings, drawn from the instructor's own
  /// stream.
  static func quality(seed: UInt64, instructor: Int) -> Double {
    var random = SeededRandom(seed: seed, "quality", UInt64(instructor))
    return 2.6 + 1.4 * random.unit()
  }

  /// A rating from 1 to 5 whose mean is the quality: the numbers around it in proportion, and one
  /// more or less for some, both as often.
  static func draw(quality: Double, _ random: inout SeededRandom) -> Int {
    let low = min(3, max(2, Int(quality)))
    let rating = low + (random.unit() < quality - Double(low) ? 1 : 0)
    let roll = random.unit()
    return roll < 0.2 ? rating - 1 : roll < 0.4 ? rating + 1 : rating
  }

  /// Free text that suits a rating.
  static func comment(_ rating: Int, _ random: inout SeededRandom) -> String {
    let mood = rating >= 4 ? 0 : rating == 3 ? 1 : 2
    let opening = openings[mood][random.below(openings[mood].count)]
    let topic = topics[random.below(topics.count)]
    return opening + " " + topic + closings[mood][random.below(closings[mood].count)]
  }

  private static let openings = [
    ["Loved", "Great:", "Really enjoyed", "Thank you for", "Cannot wait for more of"],
    ["Not sure about", "Fine, but", "Mixed feelings about", "Okay, though"],
    ["Disappointed by", "Did not like", "Too much of", "Please change"],
  ]
  private static let topics = [
    "the music", "the pace", "the warm-up", "the instructions", "the last ten minutes",
    "the intervals", "the stretching", "the size of the group", "the bikes", "the air in the room",
    "the light", "the playlist", "the corrections", "the breaks",
  ]
  private static let closings = [
    ["!", ", see you next week.", ", best class of my week.", " - 10/10", "."],
    [".", ", could be \"more\" of a challenge.", ", it depends on the day.", "?"],
    [".", ", my knees hurt.", ", I left early.", ", call me about it."],
  ]
}
