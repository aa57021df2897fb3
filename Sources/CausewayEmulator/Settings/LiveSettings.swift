import Synchronization

/// A tenant's settings, which its control endpoint may change while it runs.
final class LiveSettings: Sendable {
    private let state: Mutex<TenantSettings>

    init(_ settings: TenantSettings) { state = Mutex(settings) }

    var value: TenantSettings { state.withLock { $0 } }

    func replace(with settings: TenantSettings) { state.withLock { $0 = settings } }
}
