import TestKit

/// Bytes that compress a little, as texts do.
func sampleBytes(_ count: Int, seed: UInt64) -> [UInt8] {
  var generator = Seeded(seed)
  var bytes: [UInt8] = []
  for index in 0..<count {
    let usual = UInt8(97 + index / 7 % 20)
    bytes.append(index % 5 == 0 ? UInt8.random(in: 97...122, using: &generator) : usual)
  }
  return bytes
}

/// Cuts bytes into pieces of random sizes.
func pieces(_ bytes: [UInt8], seed: UInt64) -> [[UInt8]] {
  var generator = Seeded(seed)
  var pieces: [[UInt8]] = []
  var at = 0
  while at < bytes.count {
    let count = Int.random(in: 1...max(1, min(bytes.count - at, 100_000)), using: &generator)
    pieces.append(Array(bytes[at..<at + count]))
    at += count
  }
  return pieces
}

/// The error that a piece of work threw.
func failure<Output>(
  _ work: () throws -> Output
) -> (any Error)? {
  do {
    _ = try work()
    return nil
  } catch {
    return error
  }
}
