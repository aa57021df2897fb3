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
        let plan = ExitPlan(settings: provider.settings)
        var last: EntraObjectID?
        while true {
            let page = try await draft.session.store.read { [last] in
                try $0.connectionsOutOfScope(of: provider, kind: kind, after: last, limit: PlanDraft.pageSize)
            }
            guard let end = page.last else { return }
            for (connection, name) in page {
                let isGone = draft.vanished.contains(connection.entraID)
                let action = isGone ? farewell(connection, name) : plan.action(for: connection, name: name)
                if let action { try await draft.write([action]) }
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
