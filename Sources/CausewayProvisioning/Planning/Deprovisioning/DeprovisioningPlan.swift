import CausewayJSON
import CausewayModel

/// What happens to an Entra object whose local object was deleted or has left the provider's scope. Pure.
struct DeprovisioningPlan {
    let settings: ProviderSettings

    /// The action for a link, or nil if Entra is as it should be already.
    ///
    /// - Parameter name: the present or former name of the local object.
    func action(for link: ObjectLink, name: String) -> Action? {
        let reason: ActionReason = link.object == nil ? .deletedLocally : .leftScope
        switch fate(of: link) {
        case .delete: return action(.delete, .deletions, link, name, reason)
        case .doNothing: return action(.unlink, .links, link, name, .actionIsDoNothing)
        case .suspend:
            guard link.known[AttributeChange.accountEnabled] != false else { return nil }
            let change = AttributeChange(
                attribute: AttributeChange.accountEnabled,
                old: link.known[AttributeChange.accountEnabled],
                new: false
            )
            return action(.suspend, .suspensions, link, name, reason, [change])
        case nil: return nil
        }
    }

    /// Nil: everything stays, including the link.
    private func fate(of link: ObjectLink) -> DeleteAction? {
        let deletion = link.kind == .user ? settings.userDeleteAction : settings.groupDeleteAction
        let chosen: DeleteAction
        switch (link.object == nil, settings.scopeExitAction) {
        case (true, _), (false, .followDeleteAction): chosen = deletion
        case (false, .suspend): chosen = .suspend
        case (false, .keep): return nil
        }
        // A group cannot be suspended.
        return link.kind == .group && chosen == .suspend ? .doNothing : chosen
    }

    private func action(
        _ verb: ActionVerb,
        _ phase: ActionPhase,
        _ link: ObjectLink,
        _ name: String,
        _ reason: ActionReason,
        _ changes: [AttributeChange] = []
    ) -> Action {
        Action(
            phase: phase,
            verb: verb,
            kind: link.kind,
            object: link.object,
            name: name,
            entraID: link.entraID,
            reason: reason,
            changes: changes
        )
    }
}
