import Basics

/// An invented person.
public struct Profile: Hashable, Sendable {
  public let gender: Gender
  public let firstName: String
  public let lastName: String
  public let userName: String
  /// In a reserved domain.
  public let email: String
  /// Of the range kept for fiction, in an area of the person's state.
  public let phone: String
  public let birthday: CivilDate
  public let street: String
  public let city: City
  /// Five digits that lie in the person's state.
  public let zip: String
  public let company: String
  public let job: String

  /// First and family name.
  public var fullName: String { firstName + " " + lastName }
}

extension Faker {
  /// A person of 18 to 90 years whose parts agree: name and e-mail, state, postal code and telephone.
  /// - Parameter day: the day the age is counted on.
  public mutating func profile(on day: CivilDate = CivilDate(year: 2025, month: 1, day: 1))
    -> Profile
  {
    let gender = gender()
    let first = firstName(gender)
    let last = lastName()
    let user = userName(first: first, last: last)
    let email = email(user: user)
    let place = random.below(Places.cities.count)
    let city = Places.cities[place]
    let state = Places.states[Places.cityStates[place]]
    return Profile(
      gender: gender, firstName: first, lastName: last, userName: user, email: email,
      phone: phone(areas: state.areaCodes), birthday: birthday(ages: 18...90, on: day),
      street: streetAddress(), city: city, zip: zip(state.postalPrefixes), company: company(),
      job: job())
  }
}
