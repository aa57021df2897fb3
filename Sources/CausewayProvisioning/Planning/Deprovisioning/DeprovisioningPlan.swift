import CausewayJSON
import CausewayModel

/// What becomes of an Entra object whose local object was deleted or has left the provider's scope. Pure.
struct DeprovisioningPlan {
    let settings: ProviderSettings

    /// The action for a link, or nil where Entra is as it should be already.
    ///
    /// - Parameters:
    ///   - connection: the link.
    ///   - name: what the local object is or was called.
    func action(for connection: Connection, name: String) -> Action? {
        let reason: ActionReason = connection.object == nil ? .deletedLocally : .leftScope
        switch fate(of: connection) {
        case .delete: return action(.delete, .deletions, connection, name, reason)
        case .doNothing: return action(.unlink, .links, connection, name, .actionIsDoNothing)
        case .suspend:
            guard connection.known[AttributeChange.signIn] != false else { return nil }
            let change = AttributeChange(
                attribute: AttributeChange.signIn,
                old: connection.known[AttributeChange.signIn],
                new: false
            )
            return action(.suspend, .suspensions, connection, name, reason, [change])
        case nil: return nil
        }
    }

    /// nil: everything stays, the link too.
    private func fate(of connection: Connection) -> DeleteAction? {
        let deletion = connection.kind == .user ? settings.userDeleteAction : settings.groupDeleteAction
        let chosen: DeleteAction
        switch (connection.object == nil, settings.scopeExitAction) {
        case (true, _), (false, .followDeleteAction): chosen = deletion
        case (false, .suspend): chosen = .suspend
        case (false, .keep): return nil
        }
        // A group cannot be suspended.
        return connection.kind == .group && chosen == .suspend ? .doNothing : chosen
    }

    private func action(
        _ verb: ActionVerb,
        _ phase: ActionPhase,
        _ connection: Connection,
        _ name: String,
        _ reason: ActionReason,
        _ changes: [AttributeChange] = []
    ) -> Action {
        Action(
            phase: phase,
            verb: verb,
            kind: connection.kind,
            object: connection.object,
            name: name,
            entraID: connection.entraID,
            reason: reason,
            changes: changes
        )
    }
}
