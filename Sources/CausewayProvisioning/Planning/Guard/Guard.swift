import CausewayModel

/// Counts what a run would take away, and says when that is too much to do unasked. Pure.
struct Guard {
    let settings: ProviderSettings

    /// What a run would take away.
    struct Danger: Equatable {
        /// Suspensions, deletions, removed members, and whatever vanished and would be made anew.
        let actions: Int
        /// What direct syncs have taken away within ``Guard/memory``: single changes add up.
        var recent = 0
        /// Links that the provider manages, members included.
        let managed: Int

        var sum: Int { actions + recent }
    }

    /// How far back direct syncs count.
    static let memory: Duration = .seconds(3600)

    /// A share says nothing of a handful.
    private static let handful = 5

    /// Why what first links would take away must wait for a person, or nil where it is nothing.
    ///
    /// - Parameter actions: how many actions would take something away from what was in Entra before it was linked.
    static func blockingReason(forFirstLinks actions: Int) -> String? {
        guard actions > 0 else { return nil }
        return
            "This run links accounts or groups that were in Entra before, and \(actions) of its actions would take something away from "
            + "them: members, names or addresses. A person decides about that, however little it is."
    }

    /// Why the dangerous part of a run must wait for a person, or nil where it may go on. Either limit is enough.
    func blockingReason(for danger: Danger) -> String? {
        guard danger.actions > 0 else { return nil }
        let isManyInShare =
            // Within an hour more can be taken away than is managed at one moment.
            settings.guardMaxPercent < 100 && danger.sum > Self.handful
            && danger.sum * 100 > settings.guardMaxPercent * danger.managed
        guard danger.sum > settings.guardMaxCount || isManyInShare else { return nil }
        let recent = danger.recent > 0 ? ", after \(danger.recent) within the last hour" : ""
        return
            "This run would suspend, delete, remove or make anew \(danger.actions) of \(danger.managed) objects and "
            + "memberships\(recent); the provider's guard allows \(settings.guardMaxCount), and "
            + "\(settings.guardMaxPercent) %."
    }
}
