import CausewayModel
import Synchronization

/// The providers that this process runs at the moment.
final class RunningProviders: Sendable {
    private let providers = Mutex<Set<ProviderID>>([])

    var present: Set<ProviderID> { providers.withLock { $0 } }

    func begin(_ provider: ProviderID) {
        providers.withLock { _ = $0.insert(provider) }
    }

    func end(_ provider: ProviderID) {
        providers.withLock { _ = $0.remove(provider) }
    }
}
