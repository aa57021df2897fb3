import CausewayStore

/// What an error that ended a run says about its provider. Pure.
enum RunFailure {
    /// Whether the provider, its tenant or its mappings are the cause.
    static func isOfProvider(_ error: any Error) -> Bool {
        switch error {
        case is CancellationError, is ProviderBusyError, is StalePlanError, is NothingDueError: false
        case let error as StoreError: error.code == .secretKey
        default: true
        }
    }
}
