import Basics
import Networking
import Synchronization
import TestKit
import Testing

@Suite("HTTP")
struct HTTPTests {
  private func client(_ attempts: Int = 1, certificates: String? = nil) -> HTTPClient {
    HTTPClient(
      HTTPClient.Configuration(
        retries: RetryPolicy(attempts: attempts, firstPause: 0.01, deadline: 20),
        certificates: certificates, largestBody: 1 << 20))
  }

  private let quick = NetworkTimeouts(connect: 5, stall: 10, total: 1)

  @Test("A POST sends method, headers and body as given, and gives status, headers and body back")
  func post() throws {
    let server = try Receiver()
    let response = try client().send(
      HTTPRequest(
        "POST", server.url("/echo?x=1"), headers: [HTTPHeader("X-One", "1")],
        body: .bytes(Array("Grüße".utf8))))
    #expect(response.status == 200)
    #expect(response.isSuccess)
    #expect(response.body == Array("Grüße".utf8))
    #expect(response["x-TWO"] == "a")
    #expect(response.version == "1.1")
    let seen = try #require(server.wait(for: 1).first)
    #expect(seen["method"]?.string == "POST")
    #expect(seen["path"]?.string == "/echo?x=1")
    #expect(seen["body"]?.string == "Grüße")
    #expect(seen["headers"]?["X-One"]?.string == "1")
    #expect(seen["headers"]?["User-Agent"]?.string == "podium")
    #expect(seen["headers"]?["Expect"] == nil)
    #expect(seen["headers"]?["Content-Length"]?.string == "7")
  }

  @Test(
    "Each method is sent as such; HEAD has no body in its answer",
    arguments: [
      "GET", "HEAD", "PUT", "DELETE", "POST",
    ])
  func methods(method: String) throws {
    let server = try Receiver()
    let response = try client().send(HTTPRequest(method, server.url("/big/10")))
    #expect(response.status == 200)
    #expect(response.body.count == (method == "HEAD" ? 0 : 10))
    let seen = try server.wait(for: 1)
    #expect(seen.map { $0["method"]?.string } == [method])
    #expect(seen[0]["bytes"]?.int == 0)
  }

  @Test("Requests of one client go through one connection")
  func reuse() throws {
    let server = try Receiver()
    let client = client()
    for _ in 0..<3 { _ = try client.send(HTTPRequest("GET", server.url("/"))) }
    let ports = try server.wait(for: 3).map { $0["peer"]?.int }
    #expect(Set(ports).count == 1)
  }

  @Test("A body is streamed in and out, whatever its length")
  func streams() throws {
    let server = try Receiver()
    let length = 3_000_000
    let left = Mutex(length)
    let received = Mutex(0)
    let response = try client().send(
      HTTPRequest(
        "PUT", server.url("/echo"),
        body: .stream(length: Int64(length)) {
          left.withLock { $0 = length }
          return { buffer in
            left.withLock { left in
              let count = min(buffer.count, left)
              for index in 0..<count { buffer[index] = 0x41 }
              left -= count
              return count
            }
          }
        })
    ) { bytes in
      #expect(bytes.allSatisfy { $0 == 0x41 })
      received.withLock { $0 += bytes.count }
    }
    #expect(response.body.isEmpty)
    #expect(received.withLock { $0 } == length)
  }

  @Test("An error of the caller's own reader or receiver ends the request and is told")
  func ownErrors() throws {
    struct Mine: Error, CustomStringConvertible { let description = "mine" }
    let server = try Receiver()
    let read = #expect(throws: NetworkError.self) {
      try client().send(
        HTTPRequest("PUT", server.url("/"), body: .stream(length: 5) { { _ in throw Mine() } }))
    }
    #expect(read?.code == .local)
    #expect(read?.detail == "mine")
    let write = #expect(throws: NetworkError.self) {
      try client(3).send(HTTPRequest("GET", server.url("/big/10"))) { _ in throw Mine() }
    }
    #expect(write?.code == .local)
    #expect(write?.attempts == 1)
  }

  @Test("A passing failure is tried again, and the body is sent whole each time")
  func retries() throws {
    let server = try Receiver()
    let response = try client(3).send(
      HTTPRequest("PUT", server.url("/flaky/2/500"), body: .bytes(Array("abc".utf8))))
    #expect(response.status == 200)
    #expect(try server.wait(for: 3).map { $0["body"]?.string } == ["abc", "abc", "abc"])
  }

  @Test("A POST is tried again only where nothing was done, or where that is allowed")
  func posts() throws {
    let server = try Receiver()
    func status(_ path: String, repeatable: Bool? = nil) throws -> Int {
      try client(3).send(HTTPRequest("POST", server.url(path), isRepeatable: repeatable)).status
    }
    #expect(try status("/flaky/1/500") == 500)
    #expect(try status("/flaky/1/503") == 200)
    #expect(try status("/flaky/1/502", repeatable: true) == 200)
    #expect(try status("/status/404", repeatable: true) == 404)
    #expect(try server.wait(for: 6).count == 6)
  }

  @Test("Attempts end, and the last answer is given")
  func lastAnswer() throws {
    let server = try Receiver()
    #expect(try client(3).send(HTTPRequest("GET", server.url("/status/500"))).status == 500)
    #expect(try server.wait(for: 3).count == 3)
  }

  @Test("A server that hangs ends in time")
  func hangs() throws {
    let server = try Receiver()
    let start = monotonicSeconds()
    let error = #expect(throws: NetworkError.self) {
      try client().send(HTTPRequest("GET", server.url("/hang"), timeouts: quick))
    }
    #expect(error?.code == .timedOut)
    #expect(monotonicSeconds() - start < 10)
  }

  @Test(
    "A connection that is cut is an error, before and within the answer",
    arguments: [
      "/cut", "/half",
    ])
  func cuts(path: String) throws {
    let server = try Receiver()
    let error = #expect(throws: NetworkError.self) {
      try client(2).send(HTTPRequest("GET", server.url(path)))
    }
    #expect(error?.code == .cut)
    #expect(error?.attempts == 2)
    #expect(
      error?.description == "http://127.0.0.1:\(server.port) cut the connection (tried 2 times)")
  }

  @Test("An answer that is too large is refused")
  func tooLarge() throws {
    let server = try Receiver()
    let error = #expect(throws: NetworkError.self) {
      try client().send(HTTPRequest("GET", server.url("/big/1048577")))
    }
    #expect(error?.code == .tooLarge)
    #expect(try client().send(HTTPRequest("GET", server.url("/big/1048576"))).body.count == 1 << 20)
  }

  @Test("Errors tell scheme, host and port, and no other part of an address")
  func secrets() throws {
    let url = "http://user:hunter2@127.0.0.1:\(closedPort)/secret-path?token=secret-token"
    let error = #expect(throws: NetworkError.self) { try client(2).send(HTTPRequest("POST", url)) }
    #expect(error?.code == .noConnection)
    #expect(
      error?.description
        == "http://127.0.0.1:1 takes no connection: Connection refused (tried 2 times)")
    for bad in ["", "nonsense", "ftp://host/secret", "file:///etc/passwd", "http://a b/secret"] {
      let error = #expect(throws: NetworkError.self) { try client().send(HTTPRequest("GET", bad)) }
      #expect(error?.code == .badAddress)
      #expect(error.map { !"\($0)".contains("secret") } == true)
    }
    let header = #expect(throws: NetworkError.self) {
      try client().send(
        HTTPRequest("GET", "http://127.0.0.1:1/", headers: [HTTPHeader("a", "b\r\nc: d")]))
    }
    #expect(header?.code == .badAddress)
  }

  @Test("A certificate that is not trusted ends it; one that is named is trusted")
  func certificates() throws {
    let server = try Receiver("https")
    let error = #expect(throws: NetworkError.self) {
      try client().send(HTTPRequest("GET", server.url("/")))
    }
    #expect(error?.code == .tls)
    let trusting = client(certificates: server.certificate)
    #expect(try trusting.send(HTTPRequest("GET", server.url("/"))).status == 200)
  }

  @Test("Many threads send through one client, and each gets its own answer")
  func threads() throws {
    let server = try Receiver()
    let client = client()
    let answers = try concurrentMap(Array(0..<40), width: 8) { number in
      let body = HTTPBody.bytes(Array("n\(number)".utf8))
      return try client.send(HTTPRequest("PUT", server.url("/echo"), body: body)).body
    }
    #expect(answers.map { String(decoding: $0, as: UTF8.self) } == (0..<40).map { "n\($0)" })
    #expect(Set(try server.wait(for: 40).map { $0["peer"]?.int }).count <= 8)
  }
}
