import Basics
import Storage

extension S3Store {
  public func list(_ prefix: String, after: String?) throws(StorageError) -> [ObjectInfo] {
    try pages(prefix, after: after, delimiter: nil)
  }

  public func listFolder(_ prefix: String) throws(StorageError) -> [ObjectInfo] {
    let folder = prefix.isEmpty || prefix.hasSuffix("/") ? prefix : prefix + "/"
    return try pages(folder, after: nil, delimiter: "/")
      .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  /// True if no object lies below the store's place.
  func isEmpty() throws(StorageError) -> Bool {
    let root = location.prefix.isEmpty ? "" : location.prefix + "/"
    let query = [
      (name: "list-type", value: "2"), (name: "prefix", value: root),
      (name: "max-keys", value: "1"),
    ]
    let answer = try client.send(
      S3Client.Request(method: "GET", query: query, operation: .list, accepted: []))
    return XMLNode.parse(answer.body)?.all("Contents").isEmpty ?? true
  }

  /// All pages of a listing (`ListObjectsV2`); folders end with `/`.
  private func pages(
    _ prefix: String, after: String?, delimiter: String?
  ) throws(StorageError) -> [ObjectInfo] {
    // The folder alone is not the folders whose names begin like its own.
    let root = location.prefix.isEmpty ? "" : location.prefix + "/"
    var found: [ObjectInfo] = []
    var continuation: String?
    repeat {
      var query = [
        (name: "list-type", value: "2"), (name: "prefix", value: root + prefix),
        (name: "encoding-type", value: "url"),
      ]
      if let delimiter { query.append((name: "delimiter", value: delimiter)) }
      if let continuation {
        query.append((name: "continuation-token", value: continuation))
      } else if let after {
        query.append((name: "start-after", value: root + after))
      }
      let answer = try client.send(
        S3Client.Request(method: "GET", query: query, operation: .list, accepted: []))
      guard let page = XMLNode.parse(answer.body), page.name == "ListBucketResult" else {
        throw StorageError(
          .failed, .list, address(prefix), detail: "the server's answer is no listing")
      }
      for entry in page.all("Contents") {
        guard let key = entry["Key"]?.text, let size = (entry["Size"]?.text).flatMap(Int64.init),
          let modified = (entry["LastModified"]?.text).flatMap({ Timestamp(iso8601: $0) })
        else {
          throw StorageError(
            .failed, .list, address(prefix), detail: "an entry of the listing is not whole")
        }
        let path = String(S3Store.decoded(key).dropFirst(root.count))
        // Some tools mark a folder by an empty object of its name.
        guard !path.isEmpty, !path.hasSuffix("/") else { continue }
        found.append(
          ObjectInfo(path: path, size: size, modified: modified, tag: entry["ETag"]?.text))
      }
      found += page.all("CommonPrefixes").compactMap { entry in
        (entry["Prefix"]?.text).map { folder in
          ObjectInfo(
            path: String(S3Store.decoded(folder).dropFirst(root.count)), size: 0,
            modified: Timestamp(microseconds: 0))
        }
      }
      let isCut = page["IsTruncated"]?.text == "true"
      continuation = isCut ? page["NextContinuationToken"]?.text : nil
      if isCut, continuation == nil {
        throw StorageError(
          .failed, .list, address(prefix), detail: "the listing breaks off without a token")
      }
    } while continuation != nil
    return found
  }

  /// A key as `encoding-type=url` spells it: a blank is a plus sign.
  private static func decoded(_ text: String) -> String {
    PercentEncoding.decode(String(text.map { $0 == "+" ? " " : $0 }))
  }
}
