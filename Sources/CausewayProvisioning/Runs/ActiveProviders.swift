import CausewayModel
import Synchronization

/// The providers that a service of this process works for.
final class ActiveProviders: Sendable {
    private let providers = Mutex<Set<ProviderID>>([])

    var present: Set<ProviderID> { providers.withLock { $0 } }

    /// - Returns: false if the service works for it already.
    @discardableResult
    func begin(_ provider: ProviderID) -> Bool { providers.withLock { $0.insert(provider).inserted } }

    func end(_ provider: ProviderID) { providers.withLock { _ = $0.remove(provider) } }
}
