import Dispatch
import Synchronization

/// Runs a blocking piece of work on every element, several at a time, and keeps their order.
///
/// The first error by order of elements is thrown after all work has ended. The work runs on
/// threads of its own, never on Swift's cooperative pool, so it may block.
/// - Parameter width: how many run at the same time; 1 runs them here, one after the other.
public func concurrentMap<Element: Sendable, Output: Sendable>(
  _ elements: [Element], width: Int, _ work: @Sendable (Element) throws -> Output
) throws -> [Output] {
  guard width > 1, elements.count > 1 else { return try elements.map(work) }
  let next = Atomic(0)
  let results = Mutex([Result<Output, any Error>?](repeating: nil, count: elements.count))
  withoutActuallyEscaping(work) { work in
    DispatchQueue.concurrentPerform(iterations: min(width, elements.count)) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < elements.count else { return }
        let result = Result { try work(elements[index]) }
        results.withLock { $0[index] = result }
      }
    }
  }
  return try results.withLock { try $0.compactMap { try $0?.get() } }
}
