package import CausewayModel

extension Transaction {
    /// The numbers of a provider. All of them are answered from indexes, and none reads the users or the mirror row by row.
    ///
    /// - Throws: ``StoreError`` of code `notFound`.
    package func overview(of provider: EntraProvider) throws -> ProviderOverview {
        let runState = try self.runState(of: provider.id)
        var overview = ProviderOverview()
        overview.users = try counts(of: provider, .user)
        overview.groups = try counts(of: provider, .group)
        overview.running = try runUnderWay(of: provider.id)
        overview.queued = try queued(runState, isRunning: overview.running != nil)
        overview.waiting = try waitingRun(of: provider.id)
        overview.lastFullSync = runState.schedule.lastFullSyncAt
        overview.nextRun = runState.nextRun(at: now)
        return overview
    }

    private func counts(of provider: EntraProvider, _ kind: ObjectKind) throws -> ObjectCounts {
        var counts = ObjectCounts()
        counts.inScope = try inScopeCount(of: provider, kind)
        counts.linked = try linkedCount(provider.id, kind)
        counts.suspended = try kind == .user ? suspendedCount(provider.id) : 0
        let failing = try failingCounts(of: provider.id, kind: kind)
        (counts.failing, counts.retried) = (failing.all - failing.refused, failing.retried)
        counts.refused = failing.refused
        counts.waiting = try count(
            """
            SELECT COUNT(*) AS count FROM runs r CROSS JOIN actions a
            WHERE a.run_id = r.id AND r.provider_id = ? AND r.status = 'awaiting_approval' AND a.status = 'held' AND a.object_kind = ?
            """,
            SQLValue(provider.id),
            SQLValue(kind)
        )
        return counts
    }

    /// How many objects are in scope, as ``scopeCount(of:kind:)`` finds them, without reading each user.
    package func inScopeCount(of provider: EntraProvider, _ kind: ObjectKind) throws -> Int {
        try kind == .user ? usersInScope(of: provider) : scopeCount(of: provider, kind: .group)
    }

    /// How many users are in scope: the candidates, less the few that are left out.
    private func usersInScope(of provider: EntraProvider) throws -> Int {
        guard provider.vanishedFilterGroup == nil else { return 0 }
        let candidates = try provider.filterGroup.map { try memberCount(of: $0, nested: provider.filterGroupRecursive) }
        let everyone = try candidates ?? rememberedCount(of: .directory, "SELECT COUNT(*) AS count FROM users")
        let services = try provider.excludeServiceAccounts ? serviceAccountCount(of: provider) : 0
        return try everyone - services - leftOutAdministrators(of: provider)
    }

    private func memberCount(of group: GroupID, nested: Bool) throws -> Int {
        guard nested else {
            return try rememberedCount(
                of: .directory,
                "SELECT COUNT(*) AS count FROM memberships WHERE group_id = ?",
                [SQLValue(group)]
            )
        }
        return try rememberedCount(
            of: .directory,
            "SELECT COUNT(DISTINCT m.user_id) AS count FROM memberships m WHERE m.group_id IN (\(Self.groupAndBelow))",
            [SQLValue(group)]
        )
    }

    /// The service accounts that would be in scope if they were not excluded.
    private func serviceAccountCount(of provider: EntraProvider) throws -> Int {
        var everyone = provider
        everyone.settings.excludeServiceAccounts = false
        let scope = memberScope(of: everyone)
        return try rememberedCount(
            of: .directory,
            """
            SELECT COUNT(*) AS count FROM users u WHERE u.type IN ('service_account', 'internal_service_account')
                AND \(scope.sql)
            """,
            scope.arguments
        )
    }

    /// The links whose local object exists.
    private func linkedCount(_ provider: ProviderID, _ kind: ObjectKind) throws -> Int {
        try rememberedCount(
            of: .links,
            "SELECT COUNT(*) AS count FROM links WHERE provider_id = ? AND \(kind.rawValue)_id IS NOT NULL",
            [SQLValue(provider)]
        )
    }

    private func suspendedCount(_ provider: ProviderID) throws -> Int {
        try count(
            """
            SELECT COUNT(*) AS count FROM mirror_objects o CROSS JOIN links c
            WHERE o.provider_id = ? AND o.is_disabled AND o.presence = 'present'
                AND c.provider_id = o.provider_id AND c.entra_id = o.entra_id AND c.user_id IS NOT NULL
            """,
            SQLValue(provider)
        )
    }

    /// A request that a run has taken up is queued no more, unless that run has ended without an answer to it.
    private func queued(_ runState: ProviderRunState, isRunning: Bool) throws -> RunRequest? {
        let isTaken = try exists(
            "SELECT 1 FROM run_requests WHERE provider_id = ? AND taken_by IS NOT NULL",
            SQLValue(runState.provider)
        )
        return isTaken && isRunning ? nil : runState.request
    }

    private func waitingRun(of provider: ProviderID) throws -> RunID? {
        try first(
            """
            SELECT id FROM runs WHERE provider_id = ? AND status = 'awaiting_approval'
            ORDER BY started_at_ms DESC, id LIMIT 1
            """,
            SQLValue(provider)
        ) { try $0.id("id") }
    }
}
