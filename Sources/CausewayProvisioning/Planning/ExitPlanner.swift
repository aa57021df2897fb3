import CausewayModel
import CausewayStore

/// Plans what becomes of Entra objects whose local object was deleted or left the scope.
struct ExitPlanner {
    let draft: PlanDraft

    func run() async throws {
        for kind in ObjectKind.allCases { try await run(kind) }
    }

    private func run(_ kind: ObjectKind) async throws {
        let provider = draft.session.provider
        let (plan, some) = (ExitPlan(settings: provider.settings), draft.selection.links)
        var last: EntraObjectID?
        while true {
            let page = try await draft.session.store.read { [last] in
                try $0.connectionsOutOfScope(
                    of: provider,
                    kind: kind,
                    among: some,
                    after: last,
                    limit: PlanDraft.pageSize
                )
            }
            guard let end = page.last else { return }
            // Whose account another person has taken over stays.
            for (connection, name) in page where draft.owners[connection.entraID] == nil {
                let isGone = connection.presence != .present
                let action = isGone ? farewell(connection, name) : plan.action(for: connection, name: name)
                guard let action else { continue }
                let isFreeing = action.verb == .delete && draft.freeing.contains(connection.entraID)
                try await draft.write([isFreeing ? action.with(phase: .releases) : action])
            }
            last = end.connection.entraID
        }
    }

    /// Both ends are gone: nothing is left to do but to forget the link.
    private func farewell(_ connection: Connection, _ name: String) -> Action {
        Action(
            phase: .links,
            verb: .unlink,
            kind: connection.kind,
            object: connection.object,
            name: name,
            entraID: connection.entraID,
            reason: .vanishedFromEntra
        )
    }
}
