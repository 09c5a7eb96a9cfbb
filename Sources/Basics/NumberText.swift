/// A whole number with a comma after every three digits: `1,234,567`.
public func grouped(_ value: some BinaryInteger) -> String {
  let digits = Array(String(value.magnitude).utf8)
  var out: [UInt8] = value < 0 ? [UInt8(ascii: "-")] : []
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { out.append(UInt8(ascii: ",")) }
    out.append(digit)
  }
  return String(decoding: out, as: UTF8.self)
}

/// A number of things in words: `1 row`, `2 rows`, `1,234 rows`.
public func counted(_ count: some BinaryInteger, _ singular: String, _ plural: String? = nil)
  -> String
{
  "\(grouped(count)) \(count == 1 ? singular : plural ?? singular + "s")"
}

/// A number with a fixed number of decimals, half rounded away from zero, commas in front.
///
/// NaN is `NaN`, an infinity `Infinity`; what 64 bits do not hold is written as Swift writes it.
public func fixed(_ value: Double, decimals: Int) -> String {
  guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity" }
  let decimals = min(max(decimals, 0), 9)
  var scale = 1
  for _ in 0..<decimals { scale *= 10 }
  let scaled = (value.magnitude * Double(scale)).rounded()
  guard scaled < 9e18 else { return "\(value)" }
  let digits = Int(scaled)
  let sign = value < 0 && digits > 0 ? "-" : ""
  let whole = sign + grouped(digits / scale)
  return decimals == 0 ? whole : whole + "." + padded(digits % scale, decimals)
}

/// A number of bytes with a decimal unit: `512 bytes`, `1.5 kB`, `12 MB`, `3.2 TB`.
public func bytesText(_ bytes: some BinaryInteger) -> String {
  let magnitude = Double(bytes.magnitude)
  guard magnitude >= 1000 else { return counted(bytes, "byte") }
  var size = magnitude
  var unit = 0
  let units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"]
  // 999.5 would be shown as 1,000.
  while size >= 999.5, unit < units.count - 1 {
    size /= 1000
    unit += 1
  }
  let sign = bytes < 0 ? "-" : ""
  // From 10 on the digits before the point say enough.
  return sign + fixed(size, decimals: size < 9.95 ? 1 : 0) + " " + units[unit]
}

/// A length of time in the two units that matter: `85 ms`, `2.3 s`, `1 min 05 s`, `2 h 03 min`.
public func durationText(seconds: Double) -> String {
  guard seconds.isFinite, seconds >= 0, seconds < 1e12 else {
    return fixed(seconds, decimals: 0) + " s"
  }
  if seconds < 0.9995 { return "\(Int((seconds * 1000).rounded())) ms" }
  if seconds < 9.95 { return fixed(seconds, decimals: 1) + " s" }
  let whole = Int(seconds.rounded())
  if whole < 60 { return "\(whole) s" }
  if whole < 3600 { return "\(whole / 60) min \(padded(whole % 60, 2)) s" }
  let minutes = (whole + 30) / 60
  if minutes < 48 * 60 { return "\(minutes / 60) h \(padded(minutes % 60, 2)) min" }
  let hours = (whole + 1800) / 3600
  return "\(hours / 24) d \(padded(hours % 24, 2)) h"
}
