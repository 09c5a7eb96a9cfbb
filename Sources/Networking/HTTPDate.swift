import Basics
import CCurl

extension Timestamp {
  /// Reads a date as heads of HTTP spell it (RFC 9110), such as `Sun, 06 Nov 1994 08:49:37 GMT`.
  public init?(httpDate text: String) {
    let seconds = curl_getdate(text, nil)
    guard seconds != -1 else { return nil }
    self.init(microseconds: Int64(seconds) * 1_000_000)
  }
}
