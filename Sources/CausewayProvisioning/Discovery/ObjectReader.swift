import Algorithms
import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayStore

/// Reads single objects, to see whether they are there and what they are. Only where a feed says that an object is gone and a
/// plain read answers 404 is it believed to be gone: neither alone would be enough.
struct ObjectReader {
    let session: SyncSession
    let kind: ObjectKind
    /// Whether what differs is somebody else's doing.
    var notesDrift = true

    private static let batchSize = 500

    /// - Parameters:
    ///   - claims: where a feed says that each object is; the recycle bin where it says nothing.
    ///   - clearsStaleness: whether the answers come late enough to end every doubt.
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
            // Whether it is there is the question, so the first answer counts, and nobody else waits for a second.
            GraphRequest(.get, "/\(kind.collection)/\($0.rawValue.urlEncoded)?$select=\(select)").withoutWaiting
        }
        let results = try await session.graph.send(batch: requests)
        if let failure = results.compactMap({ $0.failure }).first(where: { $0.kind != .notFound }) { throw failure }
        let whole = session.properties(kind)
        try await session.store.write { transaction in
            let consistencyWindow = ConsistencyWindow(now: transaction.now, time: session.consistencyWindow)
            let equality = ValueEquality(kind: kind, types: session.types)
            let provider = session.provider.id
            let managed = try transaction.managedAttributes(kind, provider: provider)
            for (id, result) in zip(part, results) {
                guard case .success(let answer) = result else {
                    try Self.note(loss: id, removals[id], kind, provider, consistencyWindow, in: transaction)
                    continue
                }
                let properties = (answer.body?.object ?? [:]).filter { whole.contains($0.key) }
                let external = try transaction.merge(
                    ObjectSnapshot(properties, selection: whole),
                    of: id,
                    kind: kind,
                    provider: provider,
                    isRereading: clearsStaleness,
                    consistencyWindow
                )
                // A replica may not know yet of the deletion that the feed told.
                if removals[id] != nil { try transaction.markStale(id, provider: provider) }
                guard notesDrift, try transaction.isLinked(id, provider: provider) else { continue }
                let drift = external.filter {
                    managed.contains($0.attribute) && !equality.meansSame($0.old, $0.new, of: $0.attribute)
                }
                try transaction.recordDrift(drift, of: id, kind: kind, provider: provider)
            }
        }
    }

    /// What we have just made or restored is there, whatever a replica that lags behind may say; what then remains unclear is read
    /// again once everything has had its time.
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
