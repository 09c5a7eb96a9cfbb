internal import CADBC

/// The type of a result's column, as Arrow names it.
public indirect enum EngineType: Hashable, Sendable {
  case null, bool
  /// Width in bits, 8 to 64.
  case int(bits: Int, signed: Bool)
  case float, double
  case decimal(precision: Int, scale: Int, bits: Int)
  case text(wide: Bool)
  case binary(wide: Bool)
  /// Bytes of a fixed number.
  case fixedBinary(width: Int)
  case date
  /// Units in a second; with a zone the value is an instant in UTC.
  case timestamp(perSecond: Int64, zoned: Bool)
  case time(perSecond: Int64)
  /// Months, days and nanoseconds.
  case interval
  case list(EngineField, wide: Bool)
  case fixedList(EngineField, size: Int)
  case structure([EngineField])
  case map(key: EngineField, value: EngineField)
  /// Indexes into a list of values.
  case dictionary(index: EngineField, values: EngineField)
}

/// A named column of a result.
public struct EngineField: Hashable, Sendable {
  public let name: String
  public let type: EngineType

  static func children(of schema: ArrowSchema) throws(EngineError) -> [EngineField] {
    var fields: [EngineField] = []
    for index in 0..<Int(schema.n_children) {
      guard let child = schema.children?[index] else { continue }
      fields.append(try EngineField(child.pointee))
    }
    return fields
  }

  init(_ schema: ArrowSchema) throws(EngineError) {
    name = schema.name.map { String(cString: $0) } ?? ""
    let format = schema.format.map { String(cString: $0) } ?? ""
    if let dictionary = schema.dictionary {
      let index = EngineField(name: name, type: try EngineField.type(format, [], name))
      type = .dictionary(index: index, values: try EngineField(dictionary.pointee))
    } else {
      type = try EngineField.type(format, EngineField.children(of: schema), name)
    }
  }

  init(name: String, type: EngineType) {
    self.name = name
    self.type = type
  }

  /// The type of an Arrow format string (Arrow C data interface, "Data type description").
  private static func type(
    _ format: String, _ children: [EngineField], _ name: String
  ) throws(EngineError) -> EngineType {
    switch format {
    case "n": return .null
    case "b": return .bool
    case "c": return .int(bits: 8, signed: true)
    case "C": return .int(bits: 8, signed: false)
    case "s": return .int(bits: 16, signed: true)
    case "S": return .int(bits: 16, signed: false)
    case "i": return .int(bits: 32, signed: true)
    case "I": return .int(bits: 32, signed: false)
    case "l": return .int(bits: 64, signed: true)
    case "L": return .int(bits: 64, signed: false)
    case "f": return .float
    case "g": return .double
    case "u": return .text(wide: false)
    case "U": return .text(wide: true)
    case "z": return .binary(wide: false)
    case "Z": return .binary(wide: true)
    case "tdD": return .date
    case "tts": return .time(perSecond: 1)
    case "ttm": return .time(perSecond: 1000)
    case "ttu": return .time(perSecond: 1_000_000)
    case "ttn": return .time(perSecond: 1_000_000_000)
    case "tin": return .interval
    case "+s": return .structure(children)
    case "+l", "+L":
      guard let element = children.first else { break }
      return .list(element, wide: format == "+L")
    case "+m":
      guard case .structure(let parts) = children.first?.type, parts.count == 2 else { break }
      return .map(key: parts[0], value: parts[1])
    default: break
    }
    if format.hasPrefix("d:") {
      let numbers = format.dropFirst(2).split(separator: ",").compactMap { Int($0) }
      if numbers.count == 2 || numbers.count == 3 {
        return .decimal(
          precision: numbers[0], scale: numbers[1], bits: numbers.count == 3 ? numbers[2] : 128)
      }
    }
    if format.hasPrefix("ts"), format.utf8.count >= 4 {
      let scales: [Character: Int64] = [
        "s": 1, "m": 1000, "u": 1_000_000, "n": 1_000_000_000,
      ]
      let unit = format[format.index(format.startIndex, offsetBy: 2)]
      if let scale = scales[unit] {
        return .timestamp(perSecond: scale, zoned: !format.hasSuffix(":"))
      }
    }
    if format.hasPrefix("w:"), let width = Int(format.dropFirst(2)) {
      return .fixedBinary(width: width)
    }
    if format.hasPrefix("+w:"), let size = Int(format.dropFirst(3)), let element = children.first {
      return .fixedList(element, size: size)
    }
    throw EngineError(.unsupportedData, "column '\(name)' has the Arrow type '\(format)'")
  }
}
