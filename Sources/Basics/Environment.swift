import Glibc

/// A variable of the process's environment; nil where it is missing or empty.
public func environment(_ name: String) -> String? {
  guard let text = getenv(name) else { return nil }
  let value = String(cString: text)
  return value.isEmpty ? nil : value
}
