import CausewayGraph
import CausewayModel
import CausewayStore

/// Brings the mirror to what the tenant tells: through its delta feeds, and through plain reads where those are in doubt.
struct Discovery {
    let session: SyncSession

    /// Entra keeps deleted objects for so long (Graph, deletedItems).
    static let recycleBinTime: Duration = .seconds(30 * 24 * 3600)

    func run() async throws {
        for kind in ObjectKind.allCases {
            try await DeltaReader(session: session, kind: kind).run()
            try await reread(kind)
        }
        let provider = session.provider.id
        try await session.store.write { [consistencyWindow = session.consistencyWindow] transaction in
            let now = transaction.now
            try transaction.forgetPurgedObjects(deletedBefore: now - Self.recycleBinTime, provider: provider)
            try transaction.forgetFormerMembers(removedBefore: now - consistencyWindow, provider: provider)
        }
    }

    /// Reads what the feed and our own writes disagree about, once the feed has had its time.
    private func reread(_ kind: ObjectKind) async throws {
        let (provider, consistencyWindow) = (session.provider.id, session.consistencyWindow)
        let stale = try await session.store.read {
            try $0.staleObjects(provider: provider, kind: kind, since: $0.now - consistencyWindow)
        }
        try await ObjectReader(session: session, kind: kind).read(stale, clearsStaleness: true)
    }
}
