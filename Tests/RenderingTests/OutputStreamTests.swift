import Glibc
import Rendering
import Testing

@Suite("Output streams")
struct OutputStreamTests {
  /// The two ends of a new pipe.
  private func pipe() -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    #expect(Glibc.pipe(&ends) == 0)
    return (ends[0], ends[1])
  }

  @Test("What is written arrives whole and in order, however small the buffer")
  func arrives() throws {
    let (read, write) = pipe()
    defer { close(read) }
    let stream = OutputStream(descriptor: write, name: "pipe", capacity: 7)
    var expected = ""
    for number in 0..<1000 {
      try stream.write("\(number),")
      expected += "\(number),"
    }
    try stream.flush()
    close(write)
    #expect(String(decoding: readAll(read), as: UTF8.self) == expected)
  }

  @Test("What was not flushed goes out when the stream is released")
  func released() throws {
    let (read, write) = pipe()
    defer { close(read) }
    do {
      let stream = OutputStream(descriptor: write, name: "pipe")
      try stream.write("end")
      #expect(stream.text == "end")
    }
    close(write)
    #expect(readAll(read) == Array("end".utf8))
  }

  @Test("A reader that has gone is an error of its own, and stays one")
  func readerGone() throws {
    let (read, write) = pipe()
    close(read)
    defer { close(write) }
    let stream = OutputStream(descriptor: write, name: "standard output")
    try stream.write("a")
    #expect(throws: OutputError.readerGone("standard output")) { try stream.flush() }
    #expect(throws: OutputError.readerGone("standard output")) { try stream.write("b") }
    #expect(throws: OutputError.readerGone("standard output")) { try stream.flush() }
  }

  @Test("A full disk is told, with what to do")
  func diskFull() throws {
    let descriptor = open("/dev/full", O_WRONLY)
    defer { close(descriptor) }
    let stream = OutputStream(descriptor: descriptor, name: "standard output", capacity: 4)
    let error = #expect(throws: OutputError.diskFull("standard output")) {
      try stream.write("12345")
    }
    #expect(
      error?.description == """
        There is no room left for standard output, and what is there is incomplete. \
        Make room and run the command again.
        """)
  }

  @Test("Another failure carries the system's number")
  func closed() throws {
    let stream = OutputStream(descriptor: 9999, name: "out.csv")
    try stream.write("a")
    let error = #expect(throws: OutputError.failed("out.csv", errno: EBADF)) { try stream.flush() }
    #expect(error?.description == "Could not write to out.csv: Bad file descriptor (errno 9).")
  }

  @Test("A printer whose reader has gone stops at once")
  func printer() throws {
    let (read, write) = pipe()
    close(read)
    defer { close(write) }
    let stream = OutputStream(descriptor: write, name: "standard output", capacity: 100)
    let printer = ResultPrinter([ResultColumn("n", .number)], as: .csv, to: stream)
    var rows = 0
    #expect(throws: OutputError.readerGone("standard output")) {
      while rows < 1000 {
        try printer.write([.int(1)])
        rows += 1
      }
    }
    #expect(rows == 48)
  }

  private func readAll(_ descriptor: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return bytes }
      bytes += buffer.prefix(count)
    }
  }
}
