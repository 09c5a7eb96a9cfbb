import Basics
import Storage

extension S3Store {
  /// Writes a large object in parts of 16 MB; nobody sees it before the last.
  func putParts(_ path: String, _ bytes: [UInt8]) throws(StorageError) {
    try putParts(path, size: Int64(bytes.count)) { (range) throws(StorageError) in
      Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)])
    }
  }

  /// A large file is sent a part at a time.
  public func put(_ path: String, file: LocalFile) throws(StorageError) {
    let size = try file.info().size
    guard size > Int64(S3Store.partSize) else {
      return try put(path, file.read(at: 0, count: Int(size)))
    }
    try putParts(path, size: size) { (range) throws(StorageError) in
      try file.read(at: range.lowerBound, count: Int(range.upperBound - range.lowerBound))
    }
  }

  /// - Parameter part: the bytes of a range.
  func putParts(
    _ path: String, size: Int64, _ part: (Range<Int64>) throws(StorageError) -> [UInt8]
  ) throws(StorageError) {
    let begun = try client.send(
      S3Client.Request(
        method: "POST", key: key(path), query: [("uploads", "")], headers: encryption,
        operation: .write, accepted: []))
    guard let upload = XMLNode.parse(begun.body)?["UploadId"]?.text else {
      throw StorageError(
        .failed, .write, address(path), detail: "the server's answer names no upload")
    }
    do throws(StorageError) {
      // At most 10,000 parts.
      let length = max(Int64(S3Store.partSize), (size + 9_999) / 10_000)
      var tags: [String] = []
      var start: Int64 = 0
      repeat {
        let end = min(size, start + length)
        let answer = try client.send(
          S3Client.Request(
            method: "PUT", key: key(path),
            query: [("partNumber", "\(tags.count + 1)"), ("uploadId", upload)],
            body: try part(start..<end), operation: .write, accepted: []))
        guard let tag = answer["etag"] else {
          throw StorageError(
            .failed, .write, address(path), detail: "the server's answer names no part")
        }
        tags.append(tag)
        start = end
      } while start < size
      let list = tags.enumerated().map { index, tag in
        "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\(S3Store.escaped(tag))</ETag></Part>"
      }
      let body = "<CompleteMultipartUpload>\(list.joined())</CompleteMultipartUpload>"
      let answer = try client.send(
        S3Client.Request(
          method: "POST", key: key(path), query: [("uploadId", upload)], body: Array(body.utf8),
          operation: .write, accepted: [404]))
      // An answer that got lost leaves nothing of the upload, and the object.
      if answer.status == 404, try info(path)?.size != size {
        throw StorageError(.failed, .write, address(path), detail: "the upload is gone")
      }
    } catch {
      _ = try? client.send(
        S3Client.Request(
          method: "DELETE", key: key(path), query: [("uploadId", upload)], operation: .write))
      throw error
    }
  }

  static func escaped(_ text: String) -> String {
    text.replacingSigns(["&": "&amp;", "<": "&lt;", ">": "&gt;"])
  }
}
