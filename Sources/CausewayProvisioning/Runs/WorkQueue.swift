import ServiceLifecycle

/// Work that continues after the caller has its answer. Each piece is a child task of this service, so that a shutdown cancels it and
/// waits for its end.
package struct WorkQueue: Service, CustomStringConvertible {
    /// Its name in logs. Without it, the service group describes the whole value, with everything in it.
    package var description: String { "work queue" }

    /// Ends soon after its task is canceled.
    package typealias Work = @Sendable () async -> Void

    private let works: AsyncStream<Work>
    private let entrance: AsyncStream<Work>.Continuation

    package init() { (works, entrance) = AsyncStream.makeStream() }

    /// Hands work over.
    ///
    /// - Returns: false, and the work never begins, if the service has ended.
    package func submit(_ work: @escaping Work) -> Bool {
        if case .terminated = entrance.yield(work) { return false }
        return true
    }

    /// Does the work that is handed over until the program shuts down. Work that waits at that moment begins as a canceled task, so
    /// that it can record its end.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for await work in works { group.addTask { await work() } }
            }
        }
    }
}
