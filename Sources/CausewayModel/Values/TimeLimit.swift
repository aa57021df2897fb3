/// Work that is not waited for longer than some time.
package enum TimeLimit {
    /// Does something that may take long, and that may not end when its task is canceled. It is waited for even if the present task is
    /// canceled.
    ///
    /// - Parameters:
    ///   - time: how long to wait.
    ///   - work: is canceled after that time.
    /// - Returns: what the work returns; nil if it takes longer.
    package static func value<Value: Sendable>(
        within time: Duration,
        _ work: @escaping @Sendable () async -> Value
    ) async -> Value? {
        let (values, first) = AsyncStream.makeStream(of: Value?.self)
        let tasks = [
            Task { _ = first.yield(await work()) },
            Task {
                try? await Task.sleep(for: time)
                _ = first.yield(nil)
            },
        ]
        let value = await Task { await values.first { _ in true } ?? nil }.value
        for task in tasks { task.cancel() }
        return value
    }
}
