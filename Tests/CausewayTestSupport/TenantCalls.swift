import CausewayEmulator
import Synchronization

/// What was asked of an emulated tenant in the order in which it was carried out, each call of a batch by itself.
package final class TenantCalls: Sendable {
    /// One call with its answer's status.
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

    /// All of them, the first one first.
    package var all: [Call] { calls.withLock { $0 } }

    /// Drops the calls so far.
    package func clear() { calls.withLock { $0 = [] } }
}
