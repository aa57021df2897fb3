import CausewayGraph
import CausewayModel
import CausewayStore

/// Updates the mirror from the tenant: by delta queries, and by plain reads of what is stale.
struct Discovery {
    let session: SyncSession

    /// How long Entra keeps deleted objects (Graph, deletedItems).
    static let recycleBinTime: Duration = .seconds(30 * 24 * 3600)

    func run() async throws {
        for kind in ObjectKind.allCases {
            try await DeltaReader(session: session, kind: kind).run()
            try await readStale(kind)
        }
        let provider = session.provider.id
        try await session.store.write { [consistencyWindow = session.consistencyWindow] transaction in
            let now = transaction.now
            try transaction.forgetPurgedObjects(deletedBefore: now - Self.recycleBinTime, provider: provider)
            try transaction.forgetFormerMembers(removedBefore: now - consistencyWindow, provider: provider)
        }
    }

    /// Reads objects about which delta queries and Causeway's own writes disagree, once the delta queries have had time to catch up.
    private func readStale(_ kind: ObjectKind) async throws {
        let (provider, consistencyWindow) = (session.provider.id, session.consistencyWindow)
        let stale = try await session.store.read {
            try $0.staleObjects(provider: provider, kind: kind, since: $0.now - consistencyWindow)
        }
        try await ObjectReader(session: session, kind: kind).read(stale, clearsStaleness: true)
    }
}
