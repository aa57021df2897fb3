package import CausewayModel

/// The filter of a list of runs; what is nil or empty filters nothing.
package struct RunFilter: Sendable {
    package var provider: ProviderID?
    package var statuses: [RunStatus] = []

    package init() {}
}

/// The filter of a list of a run's actions; what is nil or empty filters nothing.
package struct ActionFilter: Sendable {
    package var statuses: [OutcomeStatus] = []
    package var verbs: [ActionVerb] = []
    package var kind: ObjectKind?
    /// Words that must be found in the object's name.
    package var terms: [String] = []

    package init() {}
}

extension Transaction {
    private static let runFields = [
        "mtime": "r.started_at_ms", "started": "r.started_at_ms", "state": "r.status", "aggregated_status": "r.status",
        "message_id": "r.id", "pk": "r.id",
    ]

    private static let syncFields = [
        "started_at": "r.started_at_ms", "finished_at": "r.finished_at_ms", "partial": "NOT r.is_full",
        "users_count": "r.examined_users", "groups_count": "r.examined_groups",
    ]

    /// A page of runs, the newest first if no order is requested.
    package func runPage(_ filter: RunFilter, _ slice: ListSlice) throws -> ListPage<Run> {
        var query = ListQuery("runs r", key: "r.id", fields: Self.runFields, standard: .descending("r.started_at_ms"))
        if let provider = filter.provider { query.add("r.provider_id = ?", SQLValue(provider)) }
        if !filter.statuses.isEmpty { query.add("r.status", isOneOf: filter.statuses.map { SQLValue($0) }) }
        return try page(
            query,
            slice,
            key: { try $0.id("key") as RunID },
            rows: { keys in try keys.compactMap { try run($0) } }
        )
    }

    /// A page of a provider's syncs, the newest first if no order is requested: its runs except those that only plan.
    package func syncPage(of provider: ProviderID, _ slice: ListSlice) throws -> ListPage<Run> {
        var query = ListQuery("runs r", key: "r.id", fields: Self.syncFields, standard: .descending("r.started_at_ms"))
        query.add("r.provider_id = ?", SQLValue(provider))
        query.add("r.trigger <> ?", SQLValue(RunTrigger.preview))
        return try page(
            query,
            slice,
            key: { try $0.id("key") as RunID },
            rows: { keys in try keys.compactMap { try run($0) } }
        )
    }

    /// A page of a run's actions in the order of the plan.
    ///
    package func actionPage(of run: RunID, _ filter: ActionFilter, _ slice: ListSlice) throws -> ListPage<
        StoredAction
    > {
        var query = ListQuery("actions a", key: "a.sequence", fields: [:], standard: .ascending("a.sequence"))
        query.add("a.run_id = ?", SQLValue(run))
        if !filter.statuses.isEmpty { query.add("a.status", isOneOf: filter.statuses.map { SQLValue($0) }) }
        if !filter.verbs.isEmpty { query.add("a.verb", isOneOf: filter.verbs.map { SQLValue($0) }) }
        if let kind = filter.kind { query.add("a.object_kind = ?", SQLValue(kind)) }
        query.add(filter.terms, in: ["a.object_name"])
        return try page(
            query,
            slice,
            key: { try $0.integer("key") },
            rows: { keys in try keys.flatMap { try actions(of: run, after: $0 - 1, limit: 1) } }
        )
    }
}
