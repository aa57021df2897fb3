import CausewayModel

/// Counts what a run would take away, and says when that is too much to do unasked. Pure.
struct Guard {
    let settings: ProviderSettings

    /// What a run would take away.
    struct Danger: Equatable {
        /// Suspensions, deletions and removed members.
        let actions: Int
        /// Links that the provider manages, members included.
        let managed: Int
    }

    /// A share says nothing of a handful.
    private static let handful = 5

    /// Why the dangerous part of a run must wait for a person, or nil where it may go on. Either limit is enough.
    func objection(to danger: Danger) -> String? {
        let isManyInShare =
            danger.actions > Self.handful
            && danger.actions * 100 > settings.guardMaxPercent * danger.managed
        guard danger.actions > settings.guardMaxCount || isManyInShare else { return nil }
        return
            "This run would suspend, delete or remove \(danger.actions) of \(danger.managed) objects and memberships; "
            + "the provider's guard allows \(settings.guardMaxCount), and \(settings.guardMaxPercent) %."
    }
}
