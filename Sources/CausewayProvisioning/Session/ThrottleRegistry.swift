package import CausewayGraph
package import CausewayModel
import Synchronization

/// Which clients work on a provider's tenant, so that others can see how near its limits they are. Clients are not kept alive by it.
package final class ThrottleRegistry: Sendable {
    private let watches = Mutex<[ProviderID: [ThrottleWatch]]>([:])

    package init() {}

    func note(_ client: GraphClient, of provider: ProviderID) {
        watches.withLock { watches in
            watches[provider] = (watches[provider] ?? []).filter { !$0.isOver } + [client.throttleWatch]
        }
    }

    /// The state of each client that is at work.
    package func states(of provider: ProviderID) async -> [ThrottleState] {
        var states: [ThrottleState] = []
        for watch in watches.withLock({ $0[provider] ?? [] }) {
            if let state = await watch.state() { states.append(state) }
        }
        return states
    }
}
