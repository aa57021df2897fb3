import Algorithms
import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayStore

/// Reads single objects to see whether they exist and what they are. An object counts as gone only if a delta query reports it and a
/// plain read answers 404: neither alone is enough.
struct ObjectReader {
    let session: SyncSession
    let kind: ObjectKind
    /// Whether differences are external changes.
    var notesDrift = true

    private static let batchSize = 500

    /// - Parameters:
    ///   - removals: where a delta query reports each object; the recycle bin if it reports nothing.
    ///   - clearsStaleness: whether the answers come late enough to end all staleness.
    func read(
        _ ids: [EntraObjectID],
        _ removals: [EntraObjectID: EntraPresence] = [:],
        clearsStaleness: Bool = false
    ) async throws {
        let ids = ids.sorted { $0.rawValue < $1.rawValue }
        for part in ids.chunks(ofCount: Self.batchSize) { try await read(part: Array(part), removals, clearsStaleness) }
        let provider = session.provider.id
        if !ids.isEmpty { try await session.store.write { try $0.forgetMembersGone(provider: provider) } }
    }

    private func read(part: [EntraObjectID], _ removals: [EntraObjectID: EntraPresence], _ clearsStaleness: Bool)
        async throws
    {
        let (session, kind, notesDrift) = (session, kind, notesDrift)
        let select = session.selection(kind).joined(separator: ",")
        let requests = part.map {
            // The question is whether it exists, so the first answer counts, and no other object waits for a second one.
            GraphRequest(.get, "/\(kind.collection)/\($0.rawValue.urlEncoded)?$select=\(select)").withoutWaiting
        }
        let results = try await session.graph.send(batch: requests)
        if let failure = results.compactMap({ $0.failure }).first(where: { $0.kind != .notFound }) { throw failure }
        let whole = session.properties(kind)
        try await session.store.write { transaction in
            let consistencyWindow = ConsistencyWindow(now: transaction.now, time: session.consistencyWindow)
            let provider = session.provider.id
            let recorder = try TenantChangeRecorder(of: part, kind: kind, in: session, transaction)
            var objects = try MirrorPage(of: part, provider: provider, in: transaction)
            for (id, result) in zip(part, results) {
                guard case .success(let answer) = result else {
                    try Self.note(loss: id, removals[id], kind, provider, consistencyWindow, in: transaction)
                    continue
                }
                let properties = (answer.body?.object ?? [:]).filter { whole.contains($0.key) }
                let merged = try transaction.merge(
                    ObjectSnapshot(properties, selection: whole),
                    of: id,
                    over: objects.take(id, in: transaction),
                    kind: kind,
                    provider: provider,
                    isRereading: clearsStaleness,
                    consistencyWindow
                )
                // A replica may not know yet of the deletion that the delta query reported.
                if removals[id] != nil { try transaction.markStale(id, provider: provider) }
                try recorder.record(merged, of: id, notesDrift: notesDrift, in: transaction)
            }
        }
    }

    /// An object that was just made or restored exists, whatever a lagging replica says. What remains unclear is read
    /// again after the consistency window.
    private static func note(
        loss id: EntraObjectID,
        _ removal: EntraPresence?,
        _ kind: ObjectKind,
        _ provider: ProviderID,
        _ consistencyWindow: ConsistencyWindow,
        in transaction: Transaction
    ) throws {
        let object = try transaction.mirrorObject(id, provider: provider)
        if object?.isGone(isTold: removal != nil, consistencyWindow) ?? true {
            try transaction.markGone(id, removal ?? .deleted, kind: kind, provider: provider)
        } else {
            try transaction.markStale(id, provider: provider)
        }
    }
}

extension Result {
    var failure: Failure? {
        guard case .failure(let failure) = self else { return nil }
        return failure
    }
}
