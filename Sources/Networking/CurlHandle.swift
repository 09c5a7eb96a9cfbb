import CCurl
import Glibc

/// One of libcurl's handles: it keeps its connections open for the next request.
///
/// For one thread at a time; the pool sees to that.
struct CurlHandle: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer

  /// libcurl's own set-up, done once in a process before its first handle.
  private static let ready = curl_global_init(curl_shim_global_all) == CURLE_OK

  /// A new handle; nil where memory is short.
  init?() {
    guard CurlHandle.ready, let pointer = curl_easy_init() else { return nil }
    self.pointer = pointer
  }

  func close() { curl_easy_cleanup(pointer) }

  /// Forgets what was set, but no connection.
  func reset() { curl_easy_reset(pointer) }

  func set(_ option: CURLoption, _ value: Int) {
    _ = curl_shim_set_long(pointer, option, value)
  }

  func set(_ option: CURLoption, _ value: String) {
    _ = curl_shim_set_text(pointer, option, value)
  }

  func set(milliseconds option: CURLoption, _ seconds: Double) {
    set(option, Int(max(1, min(seconds, 1e6) * 1000)))
  }

  func get(_ info: CURLINFO) -> Int {
    var value = 0
    return curl_shim_get_long(pointer, info, &value) == CURLE_OK ? value : 0
  }

  /// Does what was set.
  ///
  /// A connection that is cut while something is sent raises SIGPIPE in some TLS libraries; it is
  /// held back here, and what the process does with signals stays as it is.
  func perform() -> CURLcode {
    var pipe = sigset_t()
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    var before = sigset_t()
    var pending = sigset_t()
    sigpending(&pending)
    let wasPending = sigismember(&pending, SIGPIPE) == 1
    pthread_sigmask(SIG_BLOCK, &pipe, &before)
    let code = curl_easy_perform(pointer)
    if !wasPending {
      var now = timespec()
      while sigtimedwait(&pipe, nil, &now) == SIGPIPE {}
    }
    pthread_sigmask(SIG_SETMASK, &before, nil)
    return code
  }

  /// What an attempt's failure means.
  func error(_ code: CURLcode, _ peer: String) -> NetworkError {
    let words = String(cString: curl_easy_strerror(code))
    let system = get(CURLINFO_OS_ERRNO)
    let cause = system == 0 ? words : String(cString: strerror(Int32(clamping: system)))
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
      return NetworkError(.unknownHost, peer, words)
    case CURLE_COULDNT_CONNECT: return NetworkError(.noConnection, peer, cause)
    case CURLE_OPERATION_TIMEDOUT: return NetworkError(.timedOut, peer, words)
    case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_HTTP2,
      CURLE_HTTP2_STREAM, CURLE_WEIRD_SERVER_REPLY:
      return NetworkError(.cut, peer, words)
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
      CURLE_USE_SSL_FAILED, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR:
      return NetworkError(.tls, peer, words)
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
      return NetworkError(.badAddress, peer, words)
    default: return NetworkError(.other, peer, words)
    }
  }
}

/// A list of lines as libcurl takes them.
final class CurlList {
  let head: UnsafeMutablePointer<curl_slist>?

  init(_ lines: [String]) {
    head = lines.reduce(nil) { list, line in curl_slist_append(list, line) ?? list }
  }

  deinit { curl_slist_free_all(head) }
}
