import CausewayJSON
import CausewayModel
import CausewayStore
import ServiceLifecycle

/// A run as server-sent events: one whenever it has changed, until it ends or the server shuts down.
actor RunEvents {
    private let run: RunID
    private let store: Store
    private var last = JSONValue.null
    private var isOver = false

    /// How long it waits between two checks of the run.
    private static let pause: Duration = .milliseconds(500)

    init(run: RunID, store: Store) { (self.run, self.store) = (run, store) }

    nonisolated var stream: AsyncThrowingStream<[UInt8], any Error> {
        AsyncThrowingStream { try await self.next() }
    }

    private func next() async throws -> [UInt8]? {
        while !isOver {
            let json = try await look()
            if json != last {
                last = json
                return Array("event: run\ndata: \(json.text)\n\n".utf8)
            }
            guard !isOver, !Task.isShuttingDownGracefully else { return nil }
            try await Task.sleep(for: Self.pause)
        }
        return nil
    }

    /// The run as it is now; its last known state if it is gone.
    private func look() async throws -> JSONValue {
        let seen = try await store.read { [run] transaction -> (json: JSONValue, isOver: Bool)? in
            guard let run = try transaction.run(run) else { return nil }
            let isOver = run.finishedAt != nil || run.status.isFinal
            return (try RunAnswer.json(run, in: transaction), isOver)
        }
        isOver = seen?.isOver ?? true
        return seen?.json ?? last
    }
}
