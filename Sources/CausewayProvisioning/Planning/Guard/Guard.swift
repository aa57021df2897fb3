import CausewayModel

/// Counts the destructive changes of a run, and says when there are too many without approval. Pure.
struct Guard {
    let settings: ProviderSettings

    /// The destructive changes of a run.
    struct Changes: Equatable {
        /// Suspensions, deletions, removed members, and objects that disappeared and would be re-created or unlinked.
        let actions: Int
        /// The destructive changes of direct syncs within ``Guard/memory``: single changes add up.
        var recent = 0
        /// Links that the provider manages, including members.
        let managed: Int

        var sum: Int { actions + recent }
    }

    /// How far back direct syncs count.
    static let memory: Duration = .seconds(3600)

    /// Percentages mean little for a handful of objects.
    private static let handful = 5

    /// Why what first links would take away must wait for a person, or nil if there is nothing.
    ///
    /// - Parameter actions: how many actions would take something away from objects that existed before they were linked.
    static func blockingReason(forFirstLinks actions: Int) -> String? {
        guard actions > 0 else { return nil }
        return
            "This run links accounts or groups that existed in Entra before, and \(actions) of its actions would take members, names or "
            + "addresses away from them. These changes always need approval."
    }

    /// Why what a run takes away must wait for a person after the database was restored, or nil if it takes nothing away.
    static func blockingReason(afterRestore actions: Int) -> String? {
        guard actions > 0 else { return nil }
        return
            "The database was restored from a backup, so the directory may be older than the tenant. This run would suspend, delete, "
            + "remove, re-create or unlink \(actions) objects and memberships; after a restore, that always needs approval."
    }

    /// The most destructive changes that need no approval: the smaller of both settings.
    ///
    /// - Parameter managed: links that the provider manages, including members.
    func limit(managed: Int) -> Int {
        // Within an hour more can be removed than is managed at one moment.
        guard settings.guardMaxPercent < 100 else { return settings.guardMaxCount }
        return min(settings.guardMaxCount, max(Self.handful, settings.guardMaxPercent * managed / 100))
    }

    /// Why the destructive part of a run must wait for a person, or nil if it may be applied. Either limit is enough.
    func blockingReason(for changes: Changes) -> String? {
        guard changes.actions > 0, changes.sum > limit(managed: changes.managed) else { return nil }
        let recent = changes.recent > 0 ? ", after \(changes.recent) within the last hour" : ""
        return
            "This run would suspend, delete, remove, re-create or unlink \(changes.actions) of \(changes.managed) objects and "
            + "memberships\(recent); the guard allows at most \(settings.guardMaxCount), "
            + "and at most \(settings.guardMaxPercent)%."
    }
}
