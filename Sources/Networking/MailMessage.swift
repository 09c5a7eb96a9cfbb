import Basics

/// A mail of plain text.
public struct MailMessage: Hashable, Sendable {
  /// An address such as `podium@example.org`.
  public var from: String
  public var to: [String]
  public var subject: String
  public var text: String

  public init(from: String, to: [String], subject: String, text: String) {
    self.from = from
    self.to = to
    self.subject = subject
    self.text = text
  }

  /// True for a text that can stand for one address: `name@host`, without spaces and the like.
  public static func isAddress(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && text.utf8.count <= 254
      && text.unicodeScalars.allSatisfy { scalar in
        scalar.value > 0x20 && scalar.value != 0x7F && !scalar.drivesTerminal
          && !"<>()[]\\,;:\"".unicodeScalars.contains(scalar)
      }
  }

  /// The message as SMTP sends it (RFC 5322): a head, and the text as UTF-8 in Base64.
  /// - Parameters:
  ///   - now: when it is sent.
  ///   - id: what tells it from all other messages; it stands before the sender's host.
  func encoded(at now: Timestamp, id: String) -> [UInt8] {
    let host = from.split(separator: "@").last.map(String.init) ?? "localhost"
    let head = [
      "Date: \(MailMessage.date(now))", "From: \(from)", "To: \(to.joined(separator: ",\r\n "))",
      "Subject: \(MailMessage.header(subject))", "Message-ID: <\(id)@\(host)>",
      "Auto-Submitted: auto-generated", "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64",
    ]
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let body = base64(Array(lines.joined(separator: "\r\n").utf8))
    var out = head.joined(separator: "\r\n") + "\r\n\r\n"
    var rest = body[...]
    while !rest.isEmpty {
      out += rest.prefix(76) + "\r\n"
      rest = rest.dropFirst(76)
    }
    return Array(out.utf8)
  }

  /// A line of a head; what is not plain ASCII becomes encoded words (RFC 2047), each whole
  /// characters of at most 39 bytes.
  private static func header(_ text: String) -> String {
    let line = printable(text)
    if line.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }), line.utf8.count <= 900,
      !line.contains("=?")
    {
      return line
    }
    var words: [String] = []
    var part: [UInt8] = []
    for character in line {
      if part.count + character.utf8.count > 39, !part.isEmpty {
        words.append("=?utf-8?B?\(base64(part))?=")
        part = []
      }
      part += Array(character.utf8)
    }
    if !part.isEmpty { words.append("=?utf-8?B?\(base64(part))?=") }
    return words.joined(separator: "\r\n ")
  }

  /// `Mon, 02 Jan 2006 15:04:05 +0000`.
  private static func date(_ now: Timestamp) -> String {
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let date = now.date
    let (year, month, day) = date.components
    let time = now.text(decimals: 0).dropFirst(11).prefix(8)
    return
      "\(days[date.weekday]), \(day < 10 ? "0" : "")\(day) \(months[month - 1]) \(year) \(time) "
      + "+0000"
  }
}

/// Bytes in the 64 characters of RFC 4648, with `=` at the end where they do not come out even.
func base64(_ bytes: [UInt8]) -> String {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var out: [UInt8] = []
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let count = min(3, bytes.count - start)
    var group: UInt32 = 0
    for offset in 0..<3 {
      group = group << 8 | (offset < count ? UInt32(bytes[start + offset]) : 0)
    }
    for place in 0..<4 {
      out.append(
        place <= count ? alphabet[Int(group >> (18 - 6 * UInt32(place)) & 63)] : UInt8(ascii: "="))
    }
  }
  return String(decoding: out, as: UTF8.self)
}
