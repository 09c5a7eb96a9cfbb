import Basics
internal import CADBC

/// Batches of columns as an Arrow stream that an engine pulls.
final class BatchStream {
  private let columns: [(name: String, kind: ColumnBuffer.Kind)]
  private let next: () throws -> ColumnBatch?
  /// Why the stream ended before its end.
  private(set) var error: (any Error)?
  /// Rows handed out so far.
  private(set) var rows: Int64 = 0

  init(
    columns: [(name: String, kind: ColumnBuffer.Kind)], next: @escaping () throws -> ColumnBatch?
  ) {
    self.columns = columns
    self.next = next
  }

  /// The stream in Arrow's C layout; it keeps this object until the engine releases it.
  func export() -> ArrowArrayStream {
    var stream = ArrowArrayStream()
    stream.private_data = Unmanaged.passRetained(self).toOpaque()
    stream.get_schema = { stream, out in
      guard let source = BatchStream.source(of: stream), let out else { return 22 }
      out.pointee = ExportedSchema.export(source.columns)
      return 0
    }
    stream.get_next = { stream, out in
      guard let source = BatchStream.source(of: stream), let out else { return 22 }
      do {
        let batch = try source.next()
        source.rows += Int64(batch?.rows ?? 0)
        out.pointee = batch.map(ExportedArray.export) ?? ArrowArray()
        return 0
      } catch {
        source.error = error
        return 5
      }
    }
    stream.get_last_error = { _ in nil }
    stream.release = { stream in
      guard let stream, let data = stream.pointee.private_data else { return }
      Unmanaged<BatchStream>.fromOpaque(data).release()
      stream.pointee.private_data = nil
      stream.pointee.release = nil
    }
    return stream
  }

  private static func source(
    of stream: UnsafeMutablePointer<ArrowArrayStream>?
  ) -> BatchStream? {
    stream?.pointee.private_data.map { Unmanaged<BatchStream>.fromOpaque($0).takeUnretainedValue() }
  }
}

/// Builds Arrow schemas whose memory goes back when the consumer releases them.
enum ExportedSchema {
  /// A struct of text, binary and 64-bit columns.
  static func export(_ columns: [(name: String, kind: ColumnBuffer.Kind)]) -> ArrowSchema {
    node(
      format: "+s", name: "",
      children: columns.map { node(format: format($0.kind), name: $0.name) })
  }

  /// The format of a column in the Arrow C data interface.
  private static func format(_ kind: ColumnBuffer.Kind) -> String {
    switch kind {
    case .text: "u"
    case .binary: "z"
    case .int64: "l"
    }
  }

  private static func node(
    format: String, name: String, children: [ArrowSchema] = []
  ) -> ArrowSchema {
    var schema = ArrowSchema()
    schema.format = UnsafePointer(copy(format))
    schema.name = UnsafePointer(copy(name))
    schema.flags = 2
    schema.n_children = Int64(children.count)
    if !children.isEmpty {
      let pointers = UnsafeMutablePointer<UnsafeMutablePointer<ArrowSchema>?>
        .allocate(capacity: children.count)
      for (index, child) in children.enumerated() {
        let place = UnsafeMutablePointer<ArrowSchema>.allocate(capacity: 1)
        place.initialize(to: child)
        pointers[index] = place
      }
      schema.children = pointers
    }
    schema.release = { schema in
      guard let schema else { return }
      schema.pointee.format?.deallocate()
      schema.pointee.name?.deallocate()
      for index in 0..<Int(schema.pointee.n_children) {
        guard let child = schema.pointee.children?[index] else { continue }
        // A consumer that moved a child away has cleared its release.
        if let release = child.pointee.release { release(child) }
        child.deallocate()
      }
      schema.pointee.children?.deallocate()
      schema.pointee.release = nil
    }
    return schema
  }

  private static func copy(_ text: String) -> UnsafeMutablePointer<CChar> {
    let bytes = text.utf8CString
    let place = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
    for (index, byte) in bytes.enumerated() { place[index] = byte }
    return place
  }
}

/// Lends column buffers to a consumer of Arrow arrays, without a copy.
enum ExportedArray {
  /// A struct array of the batch's columns.
  static func export(_ batch: ColumnBatch) -> ArrowArray {
    var array = node(length: batch.rows, nulls: 0, buffers: [nil], owner: nil)
    array.n_children = Int64(batch.columns.count)
    let pointers = UnsafeMutablePointer<UnsafeMutablePointer<ArrowArray>?>
      .allocate(capacity: max(1, batch.columns.count))
    for (index, column) in batch.columns.enumerated() {
      let place = UnsafeMutablePointer<ArrowArray>.allocate(capacity: 1)
      place.initialize(to: export(column))
      pointers[index] = place
    }
    array.children = pointers
    return array
  }

  private static func export(_ column: ColumnBuffer) -> ArrowArray {
    let validity = column.nulls == 0 ? nil : UnsafeRawPointer(column.validity.base)
    let values = UnsafeRawPointer(column.values.base)
    let buffers =
      column.kind.isVariable
      ? [validity, UnsafeRawPointer(column.offsets.base), values] : [validity, values]
    return node(length: column.rows, nulls: column.nulls, buffers: buffers, owner: column)
  }

  private static func node(
    length: Int, nulls: Int, buffers: [UnsafeRawPointer?], owner: ColumnBuffer?
  ) -> ArrowArray {
    var array = ArrowArray()
    array.length = Int64(length)
    array.null_count = Int64(nulls)
    array.n_buffers = Int64(buffers.count)
    let places = UnsafeMutablePointer<UnsafeRawPointer?>.allocate(capacity: buffers.count)
    for (index, buffer) in buffers.enumerated() { places[index] = buffer }
    array.buffers = places
    array.private_data = owner.map { Unmanaged.passRetained($0).toOpaque() }
    array.release = { array in
      guard let array else { return }
      array.pointee.buffers?.deallocate()
      for index in 0..<Int(array.pointee.n_children) {
        guard let child = array.pointee.children?[index] else { continue }
        if let release = child.pointee.release { release(child) }
        child.deallocate()
      }
      array.pointee.children?.deallocate()
      if let data = array.pointee.private_data {
        Unmanaged<ColumnBuffer>.fromOpaque(data).release()
      }
      array.pointee.private_data = nil
      array.pointee.release = nil
    }
    return array
  }
}
