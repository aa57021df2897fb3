package import CausewayModel

/// Deletes what is too old or too much, in small steps: what may go is found by reading, and each write deletes a few rows, so that
/// other writers wait for milliseconds. Each step leaves a database that is consistent and explains the present, so a round may end
/// after any of them.
package struct Trimmer: Sendable {
    private let store: Store
    private let retention: Retention
    private let step: Int
    private let rest: @Sendable () async throws -> Void

    /// How many runs are looked at together.
    private static let runs = 100

    /// - Parameters:
    ///   - step: the most rows that one transaction deletes, without those that depend on them.
    ///   - rest: what happens between two steps.
    package init(
        store: Store,
        retention: Retention,
        step: Int = 500,
        rest: @escaping @Sendable () async throws -> Void = { try await Task.sleep(for: .milliseconds(10)) }
    ) {
        (self.store, self.retention, self.step, self.rest) = (store, retention, step, rest)
    }

    /// One round, with an event if anything was deleted.
    ///
    /// - Throws: ``StoreError``; what was deleted until then stays deleted.
    @discardableResult
    package func run() async throws -> TrimCounts {
        var counts = TrimCounts()
        for provider in try await store.read({ try $0.providers().map(\.id) }) {
            try await trimRuns(of: provider, &counts)
        }
        try await trimDrifts(&counts)
        try await trimEvents(&counts)
        try await trimJournal(&counts)
        try await store.write { [counts] transaction in
            try transaction.trimKeptTexts()
            try transaction.record(counts)
        }
        try await compactIndexes()
        return counts
    }

    private func compactIndexes() async throws {
        var isFirst = true
        while try await store.compactIndexes(isFirst: isFirst) {
            isFirst = false
            try await rest()
        }
    }

    // MARK: Runs

    private func trimRuns(of provider: ProviderID, _ counts: inout TrimCounts) async throws {
        guard let scope = try await store.read({ try $0.trimScope(of: provider, retention) }) else { return }
        var place: RunPlace?
        while true {
            let runs = try await store.read { [place] in try $0.runsToTrim(scope, after: place, limit: Self.runs) }
            guard let last = runs.last else { return }
            let touched = runs.map(\.run).filter { !scope.whole.contains($0) }
            try await trimActions(of: touched, provider, &counts)
            let disposable = touched.filter { !scope.kept.contains($0) }
            counts.runs += try await store.write { try $0.trim(disposable) }
            try await rest()
            place = last
        }
    }

    private func trimActions(of runs: [RunID], _ provider: ProviderID, _ counts: inout TrimCounts) async throws {
        var place: ActionPlace?
        while true {
            let found = try await store.read { [place] in
                try $0.actionsToTrim(of: runs, provider, after: place, limit: step)
            }
            guard let last = found.last else { return }
            counts.actions += try await store.write { try $0.trim(found, of: provider) }
            try await rest()
            place = last
        }
    }

    // MARK: The rest

    private func trimDrifts(_ counts: inout TrimCounts) async throws {
        guard let age = retention.runAge else { return }
        counts.drifts += try await inSteps { try $0.trimDrifts(resolvedBefore: $0.now + age * -1, limit: step) }
    }

    private func trimEvents(_ counts: inout TrimCounts) async throws {
        let waiting = try await store.read { try $0.startOfWaiting() }
        if let age = retention.eventAge {
            counts.events += try await trimEvents(olderThan: age, upTo: .max, waiting)
        }
        if let most = retention.events {
            let last = try await store.read { try $0.lastSurplusEvent(keeping: most, waiting: waiting) }
            if last > 0 { counts.events += try await trimEvents(olderThan: Retention.youngest, upTo: last, waiting) }
        }
    }

    private func trimEvents(olderThan age: Duration, upTo number: Int64, _ waiting: Timestamp?) async throws -> Int {
        try await inSteps { transaction in
            let moment = transaction.now + age * -1
            return try transaction.trim(
                events: transaction.eventsToTrim(before: moment, upTo: number, waiting: waiting, limit: step)
            )
        }
    }

    private func trimJournal(_ counts: inout TrimCounts) async throws {
        counts.journalEntries += try await inSteps {
            try $0.trimJournal(keeping: Retention.journalEntries, limit: Int64(step))
        }
    }

    /// Repeats a step until it deletes less than it may.
    private func inSteps(_ delete: @Sendable (Transaction) throws -> Int) async throws -> Int {
        var sum = 0
        while true {
            let count = try await store.write(delete)
            sum += count
            guard count >= step else { return sum }
            try await rest()
        }
    }
}
