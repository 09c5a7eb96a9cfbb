extension Faker {
  /// The domains that are reserved for examples (RFC 2606).
  static let domains = ["example.com", "example.org", "example.net"]

  /// A domain that belongs to nobody: `example.com`, `example.org` or `example.net`.
  public mutating func domain() -> String { word(Faker.domains) }

  /// A user name such as `ada.brooks41`.
  public mutating func userName() -> String {
    let first = firstName()
    return userName(first: first, last: lastName())
  }

  /// A user name made of a person's name, with two or three digits at its end.
  public mutating func userName(first: String, last: String) -> String {
    let number = random.below(990) + 10
    return ASCIIText.make(first.utf8.count + last.utf8.count + 4) { text in
      text.addLowercase(first)
      text.add(0x2E)
      text.addLowercase(last)
      text.add(number, digits: number < 100 ? 2 : 3)
    }
  }

  /// An e-mail address in a reserved domain.
  public mutating func email() -> String {
    let first = firstName()
    return email(first: first, last: lastName())
  }

  /// An e-mail address made of a person's name.
  public mutating func email(first: String, last: String) -> String {
    let name = userName(first: first, last: last)
    return email(user: name)
  }

  /// An e-mail address of a user name.
  public mutating func email(user: String) -> String {
    let domain = domain()
    return ASCIIText.make(user.utf8.count + domain.utf8.count + 1) { text in
      text.add(user)
      text.add(0x40)
      text.add(domain)
    }
  }
}
