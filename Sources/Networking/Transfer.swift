import CCurl

/// What the callbacks of one attempt work with.
final class Transfer {
  private let body: HTTPBody
  private let limit: Int
  /// Gets the bytes of a good answer; without one they are collected.
  private let receive: ((UnsafeRawBufferPointer) throws -> Void)?
  private var reader: HTTPBodyReader?
  private var sent = 0
  private(set) var status = 0
  private(set) var version = ""
  private(set) var headers: [HTTPHeader] = []
  private(set) var collected: [UInt8] = []
  /// True once bytes went to the receiver.
  private(set) var delivered = false
  private(set) var isTooLarge = false
  /// What the caller's own reader or receiver threw.
  private(set) var failure: (any Error)?

  init(_ body: HTTPBody, limit: Int, _ receive: ((UnsafeRawBufferPointer) throws -> Void)?) {
    self.body = body
    self.limit = limit
    self.receive = receive
  }

  var response: HTTPResponse {
    HTTPResponse(status: status, version: version, headers: headers, body: collected)
  }

  /// Takes a line of the head; a line of status begins it anew, as after `100 Continue`.
  func takeHeader(_ bytes: UnsafeRawBufferPointer) {
    let text = String(decoding: bytes, as: UTF8.self)
    if text.hasPrefix("HTTP/") {
      let parts = text.split(separator: " ", maxSplits: 2)
      version = String(parts.first?.dropFirst(5) ?? "")
      status = parts.count > 1 ? Int(parts[1].filter(\.isNumber)) ?? 0 : 0
      headers = []
    } else if let colon = text.firstIndex(of: ":") {
      headers.append(
        HTTPHeader(
          String(text[..<colon]), trimmed(text[text.index(after: colon)...])))
    }
  }

  private func trimmed(_ text: Substring) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }

  /// Takes bytes of the body; false ends the attempt.
  func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    if let receive, (200..<300).contains(status) {
      delivered = true
      do { try receive(bytes) } catch {
        failure = error
        return false
      }
    } else {
      guard bytes.count <= limit - collected.count else {
        isTooLarge = true
        return false
      }
      collected.append(contentsOf: bytes)
    }
    return true
  }

  /// Gives the next bytes to send; nil ends the attempt.
  func giveBody(_ buffer: UnsafeMutableRawBufferPointer) -> Int? {
    switch body {
    case .none: return 0
    case .bytes(let bytes):
      let count = min(buffer.count, bytes.count - sent)
      bytes.withUnsafeBytes { whole in
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: whole[sent..<(sent + count)]))
      }
      sent += count
      return count
    case .stream(_, let open):
      do {
        let reader = try self.reader ?? open()
        self.reader = reader
        return try min(buffer.count, max(0, reader(buffer)))
      } catch {
        failure = error
        return nil
      }
    }
  }

  /// Begins the body again; false where another place than its beginning is asked for.
  func rewind(to offset: Int64) -> Bool {
    guard offset == 0 else { return false }
    sent = 0
    reader = nil
    return true
  }
}

extension Transfer {
  /// Tells a handle to call this transfer; it must outlive the attempt.
  func attach(to handle: CurlHandle) {
    let me = Unmanaged.passUnretained(self).toOpaque()
    let curl = handle.pointer
    for option in [CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_READDATA, CURLOPT_SEEKDATA] {
      _ = curl_shim_set_pointer(curl, option, me)
    }
    _ = curl_shim_set_data(curl, CURLOPT_HEADERFUNCTION) { bytes, size, count, me in
      Transfer.of(me)?.takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
      return size * count
    }
    _ = curl_shim_set_data(curl, CURLOPT_WRITEFUNCTION) { bytes, size, count, me in
      let part = UnsafeRawBufferPointer(start: bytes, count: size * count)
      // Another number than that of the bytes ends the attempt.
      return Transfer.of(me)?.takeBody(part) == true ? part.count : part.count ^ 1
    }
    _ = curl_shim_set_data(curl, CURLOPT_READFUNCTION) { bytes, size, count, me in
      let room = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
      return Transfer.of(me)?.giveBody(room) ?? curl_shim_read_abort
    }
    _ = curl_shim_set_seek(curl) { me, offset, origin in
      origin == 0 && Transfer.of(me)?.rewind(to: Int64(offset)) == true
        ? curl_shim_seek_ok : curl_shim_seek_failed
    }
  }

  private static func of(_ pointer: UnsafeMutableRawPointer?) -> Transfer? {
    pointer.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
  }
}
