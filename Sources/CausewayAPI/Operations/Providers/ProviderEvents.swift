import CausewayJSON
import CausewayModel
import CausewayStore
import ServiceLifecycle

/// The state of a provider as server-sent events: one at once, and one whenever it has changed. A comment in quiet times shows that the
/// line is alive. After some minutes the stream ends, so that a browser connects again and its session is checked again.
actor ProviderEvents {
    private let provider: ProviderID
    private let store: Store
    private let end: ContinuousClock.Instant
    private var last = JSONValue.null
    private var sent: ContinuousClock.Instant

    /// How long it waits between two checks of the provider.
    private static let pause: Duration = .seconds(1)
    /// How long nothing is sent at most: the server closes connections on which nothing is read for longer.
    private static let silence: Duration = .seconds(15)
    private static let lifetime: Duration = .seconds(300)

    init(provider: ProviderID, store: Store) {
        self.provider = provider
        self.store = store
        sent = .now
        end = .now + Self.lifetime
    }

    nonisolated var stream: AsyncThrowingStream<[UInt8], any Error> {
        AsyncThrowingStream { try await self.next() }
    }

    private func next() async throws -> [UInt8]? {
        while ContinuousClock.now < end, !Task.isShuttingDownGracefully {
            guard let json = try await look() else { return nil }
            if json != last {
                last = json
                return piece("event: provider\ndata: \(json.text)\n\n")
            }
            if ContinuousClock.now - sent >= Self.silence { return piece(":\n\n") }
            try await Task.sleep(for: Self.pause)
        }
        return nil
    }

    private func piece(_ text: String) -> [UInt8] {
        sent = .now
        return Array(text.utf8)
    }

    /// The state as it is now; nil if the provider was deleted.
    private func look() async throws -> JSONValue? {
        try await store.read { [provider] transaction in
            try transaction.provider(provider).map { ProviderStateAnswer.json(try transaction.outstanding(of: $0)) }
        }
    }
}
