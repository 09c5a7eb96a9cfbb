import Basics
import Networking
import TestKit
import Testing

@Suite("Mail")
struct MailTests {
  private let message = MailMessage(
    from: "podium@example.org", to: ["a@example.org", "b@example.org"],
    subject: "Podium: 3 tables – größer als erwartet, und auch sonst ein recht langer Betreff",
    text: "Zeile 1\n.\n..Zeile 3\n\nende\n")

  private func server(
    _ receiver: Receiver, user: String? = nil, password: String? = nil, attempts: Int = 2,
    trusts: Bool = true
  ) -> MailServer {
    let encrypted = receiver.kind != "smtp"
    return MailServer(
      receiver.url(), user: user, password: password,
      timeouts: NetworkTimeouts(connect: 2, stall: 2, total: 3),
      retries: RetryPolicy(attempts: attempts, firstPause: 0.01),
      certificates: trusts && encrypted ? receiver.certificate : nil)
  }

  @Test(
    "A mail arrives as it was written, at all its recipients",
    arguments: [
      "smtp", "smtps", "smtp-starttls",
    ])
  func arrives(kind: String) throws {
    let receiver = try Receiver(kind)
    try server(receiver).send(message)
    let mail = try #require(receiver.wait(for: 1).first)
    #expect(mail["tls"]?.bool == (kind != "smtp"))
    #expect(mail["text"]?.string == message.text)
    #expect(mail["headers"]?["Subject"]?.string == message.subject)
    #expect(mail["headers"]?["From"]?.string == "podium@example.org")
    #expect(mail["headers"]?["To"]?.string == "a@example.org, b@example.org")
    #expect(mail["headers"]?["Auto-Submitted"]?.string == "auto-generated")
    #expect(mail["from"]?.string?.hasPrefix("MAIL FROM:<podium@example.org>") == true)
    #expect(
      mail["to"]?.array?.compactMap(\.string)
        == ["RCPT TO:<a@example.org>", "RCPT TO:<b@example.org>"])
    let lines = mail["raw"]?.string?.split(separator: "\r\n") ?? []
    #expect(lines.allSatisfy { $0.utf8.count <= 78 })
  }

  @Test("User and password are sent where the server asks for them")
  func login() throws {
    let receiver = try Receiver("smtp-starttls", "auth")
    try server(receiver, user: "gym", password: "right").send(message)
    let mail = try #require(receiver.wait(for: 1).first)
    #expect(mail["user"]?.string == "gym")
    #expect(mail["tls"]?.bool == true)
  }

  @Test("A wrong password is told as such and is in no error")
  func wrongPassword() throws {
    let receiver = try Receiver("smtp", "auth")
    let error = #expect(throws: NetworkError.self) {
      try server(receiver, user: "gym", password: "hunter2").send(message)
    }
    #expect(error?.code == .refused)
    #expect(error?.attempts == 1)
    #expect(
      error?.description
        == "smtp://127.0.0.1:\(receiver.port) answered 535: user or password is wrong")
  }

  @Test("A recipient who is refused is told, and the mail is not sent again")
  func refused() throws {
    let receiver = try Receiver("smtp", "norcpt")
    let error = #expect(throws: NetworkError.self) { try server(receiver).send(message) }
    #expect(error?.code == .refused)
    #expect(error?.status == 550)
    #expect(error?.attempts == 1)
  }

  @Test("A server that asks to come back later is asked again")
  func greylisted() throws {
    let receiver = try Receiver("smtp", "greylist")
    try server(receiver).send(message)
    #expect(try receiver.wait(for: 1).count == 1)
  }

  @Test("A server that hangs or cuts is told after the last attempt", arguments: ["hang", "cut"])
  func faults(mode: String) throws {
    let receiver = try Receiver("smtp", mode)
    let error = #expect(throws: NetworkError.self) { try server(receiver).send(message) }
    #expect(error?.code == (mode == "hang" ? .timedOut : .cut))
    #expect(error?.attempts == 2)
  }

  @Test("Nobody there is told; a certificate that is not trusted ends it")
  func nobody() throws {
    let nobody = MailServer(
      "smtp://127.0.0.1:\(closedPort)", retries: RetryPolicy(attempts: 1))
    #expect(throws: NetworkError.self) { try nobody.send(message) }
    let receiver = try Receiver("smtps")
    let error = #expect(throws: NetworkError.self) {
      try server(receiver, trusts: false).send(message)
    }
    #expect(error?.code == .tls)
  }

  @Test(
    "What is no mail address is refused, line breaks above all",
    arguments: [
      "", "a", "a@", "@b", "a b@c", "a@b\r\nRCPT TO:<x@y>", "a@b>", "<a@b>", "a@b@c", "a@b,c@d",
    ])
  func addresses(text: String) {
    #expect(!MailMessage.isAddress(text))
    #expect(MailMessage.isAddress("ops+podium@gym.example"))
    let mail = MailMessage(from: "a@b", to: [text], subject: "", text: "")
    let error = #expect(throws: NetworkError.self) {
      try MailServer("smtp://127.0.0.1:1").send(mail)
    }
    #expect(error?.code == .badAddress)
  }
}
