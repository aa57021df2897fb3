import CausewayEmulator
import Synchronization

/// The calls to an emulated tenant in the order of their execution, each call of a batch by itself.
package final class TenantCalls: Sendable {
    /// One call, with the status of its answer.
    package struct Call: Sendable {
        package let method: String
        /// Below the version, ids included.
        package let path: String
        package let status: Int
    }

    private let calls = Mutex<[Call]>([])

    package init() {}

    func note(_ exchange: Exchange) {
        let call = Call(method: exchange.method, path: exchange.path, status: exchange.status)
        calls.withLock { $0.append(call) }
    }

    /// All calls in order.
    package var all: [Call] { calls.withLock { $0 } }

    /// Drops the calls so far.
    package func clear() { calls.withLock { $0 = [] } }
}
