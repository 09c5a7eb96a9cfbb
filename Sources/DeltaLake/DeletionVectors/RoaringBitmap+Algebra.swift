extension RoaringBitmap {
  /// The positions that are in either set.
  public func union(_ other: RoaringBitmap) -> RoaringBitmap {
    combine(other) { own, others in
      guard let own else { return others }
      guard let others else { return own }
      if case .array(let a) = own, case .array(let b) = others,
        a.count + b.count <= RoaringBitmap.arrayLimit
      {
        return .array(merged(a, b))
      }
      return .init(words: zip(own.bits, others.bits).map { $0 | $1 })
    }
  }

  /// The positions that are in this set and not in the other.
  public func subtracting(_ other: RoaringBitmap) -> RoaringBitmap {
    combine(other) { own, others in
      guard let own, let others else { return own }
      if case .array(let array) = own {
        let rest = array.filter { !others.contains($0) }
        return rest.isEmpty ? nil : .array(rest)
      }
      return .init(words: zip(own.bits, others.bits).map { $0 & ~$1 })
    }
  }

  /// The positions that are in both sets.
  public func intersection(_ other: RoaringBitmap) -> RoaringBitmap {
    combine(other) { own, others in
      guard let own, let others else { return nil }
      return .init(words: zip(own.bits, others.bits).map { $0 & $1 })
    }
  }

  /// Walks both sets block by block, in the order of the keys.
  private func combine(
    _ other: RoaringBitmap, _ join: (Container?, Container?) -> Container?
  ) -> RoaringBitmap {
    var result = RoaringBitmap()
    var left = 0
    var right = 0
    while left < keys.count || right < other.keys.count {
      let ownKey = left < keys.count ? keys[left] : nil
      let otherKey = right < other.keys.count ? other.keys[right] : nil
      guard let key = [ownKey, otherKey].compactMap({ $0 }).min() else { break }
      let own = ownKey == key ? containers[left] : nil
      let others = otherKey == key ? other.containers[right] : nil
      if own != nil { left += 1 }
      if others != nil { right += 1 }
      guard let container = join(own, others) else { continue }
      result.keys.append(key)
      result.containers.append(container)
    }
    return result
  }
}

/// The values of two ascending lists, ascending, each once.
private func merged(_ a: [UInt16], _ b: [UInt16]) -> [UInt16] {
  var all: [UInt16] = []
  all.reserveCapacity(a.count + b.count)
  var (left, right) = (0, 0)
  while left < a.count, right < b.count {
    let (x, y) = (a[left], b[right])
    all.append(x < y ? x : y)
    if x <= y { left += 1 }
    if y <= x { right += 1 }
  }
  all += a[left...]
  all += b[right...]
  return all
}

extension RoaringBitmap {
  /// The set as `count` bits in bytes, the first position being the highest bit of the first byte;
  /// positions from `count` on are left out.
  public func denseBits(count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: (Swift.max(count, 0) + 7) / 8)
    forEach { position in
      guard position < UInt64(Swift.max(count, 0)) else { return }
      let position = Int(position)
      bytes[position >> 3] |= 0x80 >> UInt8(position & 7)
    }
    return bytes
  }
}
