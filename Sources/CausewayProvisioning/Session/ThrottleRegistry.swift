package import CausewayGraph
package import CausewayModel
import Synchronization

/// Weak registry of the active Graph clients of each provider, to report how near the tenant's limits they are.
package final class ThrottleRegistry: Sendable {
    private let watches = Mutex<[ProviderID: [ThrottleWatch]]>([:])

    package init() {}

    func note(_ client: GraphClient, of provider: ProviderID) {
        watches.withLock { watches in
            watches[provider] = (watches[provider] ?? []).filter { !$0.isOver } + [client.throttleWatch]
        }
    }

    /// The state of each active client.
    package func states(of provider: ProviderID) async -> [ThrottleState] {
        var states: [ThrottleState] = []
        for watch in watches.withLock({ $0[provider] ?? [] }) {
            if let state = await watch.state() { states.append(state) }
        }
        return states
    }
}
