import Basics
import Testing

@testable import S3

/// The examples of "Signature Calculations for the Authorization Header" of the Amazon S3 API reference.
@Suite("Signatures of AWS, version 4")
struct SignatureTests {
  private let signature = SignatureV4(
    credentials: AWSCredentials(
      accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    region: "us-east-1")
  private let moment = Timestamp(iso8601: "2013-05-24T00:00:00Z") ?? Timestamp(microseconds: 0)
  private static let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

  private func signed(_ request: SignatureV4.Request) -> String? {
    signature.headers(request, at: moment).first { $0.name == "authorization" }?.value
      .split(separator: "Signature=").last.map(String.init)
  }

  private func request(_ method: String, _ path: String) -> SignatureV4.Request {
    SignatureV4.Request(
      method: method, host: "examplebucket.s3.amazonaws.com", path: path, payload: Self.empty)
  }

  @Test("Some bytes of an object")
  func range() {
    var request = request("GET", "/test.txt")
    request.headers = [("Range", "bytes=0-9")]
    #expect(
      signed(request) == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
  }

  @Test("An object is written, under a name that is encoded")
  func put() {
    var request = request("PUT", "/test$file.text")
    request.payload = Digest.hex(Digest.sha256(Array("Welcome to Amazon S3.".utf8)))
    #expect(
      request.payload == "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072")
    request.headers = [
      ("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
    ]
    #expect(
      signed(request) == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")
  }

  @Test("A query without a value, and a listing")
  func queries() {
    var request = request("GET", "/")
    request.query = [("lifecycle", "")]
    #expect(
      signed(request) == "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")
    request.query = [("prefix", "J"), ("max-keys", "2")]
    #expect(
      signed(request) == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")
  }

  @Test("A session's token is sent and signed")
  func token() {
    let temporary = SignatureV4(
      credentials: AWSCredentials(accessKey: "A", secretKey: "S", sessionToken: "T"),
      region: "eu-central-1")
    let headers = temporary.headers(request("GET", "/a b/c+d"), at: moment)
    #expect(headers.first { $0.name == "x-amz-security-token" }?.value == "T")
    #expect(
      headers.last?.value.contains(
        "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,") == true)
    #expect(SignatureV4.encode("/a b/c+d~é", keeping: "/") == "/a%20b/c%2Bd~%C3%A9")
  }
}
