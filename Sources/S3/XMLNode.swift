import CExpat

/// An element of an XML document, with the elements in it and its text.
final class XMLNode {
  let name: String
  private(set) var children: [XMLNode] = []
  private var bytes: [UInt8] = []

  init(_ name: String) { self.name = name }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The first element of a name directly in this one.
  subscript(name: String) -> XMLNode? { children.first { $0.name == name } }

  func all(_ name: String) -> [XMLNode] { children.filter { $0.name == name } }

  /// Reads a document; nil for what is none.
  ///
  /// Prefixes of names are left out.
  static func parse(_ document: [UInt8]) -> XMLNode? {
    guard let parser = XML_ParserCreate(nil) else { return nil }
    defer { XML_ParserFree(parser) }
    let builder = Builder()
    XML_SetUserData(parser, Unmanaged.passUnretained(builder).toOpaque())
    XML_SetElementHandler(
      parser, { me, name, _ in Builder.of(me)?.open(name.map { String(cString: $0) } ?? "") },
      { me, _ in Builder.of(me)?.close() })
    XML_SetCharacterDataHandler(parser) { me, text, length in
      Builder.of(me)?.add(UnsafeRawBufferPointer(start: text, count: Int(length)))
    }
    let isWhole = withExtendedLifetime(builder) {
      document.withUnsafeBytes { bytes in
        XML_Parse(
          parser, bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
          Int32(clamping: bytes.count), 1) == XML_STATUS_OK
      }
    }
    return isWhole ? builder.root : nil
  }

  private final class Builder {
    var root: XMLNode?
    private var path: [XMLNode] = []

    static func of(_ pointer: UnsafeMutableRawPointer?) -> Builder? {
      pointer.map { Unmanaged<Builder>.fromOpaque($0).takeUnretainedValue() }
    }

    func open(_ name: String) {
      let node = XMLNode(name.split(separator: ":").last.map(String.init) ?? name)
      path.last?.children.append(node)
      if root == nil { root = node }
      path.append(node)
    }

    func close() { _ = path.popLast() }

    func add(_ text: UnsafeRawBufferPointer) { path.last?.bytes.append(contentsOf: text) }
  }
}
