import Algorithms
import CausewayGraph
import CausewayGraphTypes
import CausewayJSON
import CausewayModel
import CausewayStore

/// Resolves what earlier runs sent without receiving an answer. It reads the objects that they wrote to again, and looks for what they
/// may have created or restored, so that nothing is made twice and nothing is left behind if the local object has been deleted.
struct PendingActionResolver {
    let session: SyncSession

    /// How many objects are looked for at a time.
    private static let pageSize = 200

    /// Runs before the delta queries, which would take Causeway's own writes for external changes.
    func refreshUncertainObjects() async throws {
        let provider = session.provider.id
        for kind in ObjectKind.allCases {
            let ids = try await session.store.read {
                try $0.staleObjects(provider: provider, kind: kind, since: .alwaysStale)
            }
            try await ObjectReader(session: session, kind: kind, notesDrift: false).read(ids, clearsStaleness: true)
        }
        let groups = try await session.store.read {
            try $0.groupsWithStaleMembers(provider: provider, since: .alwaysStale)
        }
        try await MemberReader(session: session, notesDrift: false).read(groups)
    }

    /// Runs after the delta queries, so that the mirror knows as much as it can.
    func resolvePendingCreates() async throws {
        let (provider, run) = (session.provider.id, session.run)
        let pending = try await session.store.read {
            try $0.pendingCreates(provider: provider, before: run)
        }
        for page in pending.chunks(ofCount: Self.pageSize) { try await find(Array(page)) }
    }

    private func find(_ pending: [PendingCreate]) async throws {
        let lookups = pending.map { $0.action.lookup(session.selection($0.action.kind)) }
        let indices = lookups.indices.filter { lookups[$0] != nil }
        let answers = try await session.graph.send(batch: indices.compactMap { lookups[$0]?.request.withoutWaiting })
        var found: [Int: JSONValue] = [:]
        var unclear: Set<Int> = []
        for (index, answer) in zip(indices, answers) {
            switch answer {
            case .success(let response): found[index] = lookups[index]?.object(in: response.body)
            case .failure(let failure) where failure.kind == .notFound: break
            case .failure: unclear.insert(index)
            }
        }
        try await session.store.write { [session, found, unclear] transaction in
            for (index, create) in pending.enumerated() where !unclear.contains(index) {
                try Self.resolve(create, found[index], session, transaction)
            }
        }
    }

    private static func resolve(
        _ create: PendingCreate,
        _ found: JSONValue?,
        _ session: SyncSession,
        _ transaction: Transaction
    ) throws {
        if let found, let id = found["id"]?.string.map({ EntraObjectID($0) }), isOurs(found, create.action, session) {
            try adopt(id, found, create.action, session, transaction)
            try transaction.setOutcomes([create.action.sequence: .applied], run: create.run)
        } else if create.sent <= transaction.now - session.consistencyWindow {
            try transaction.setOutcomes([create.action.sequence: .createNotFound], run: create.run)
        }
    }

    /// Whether Causeway made it. A restored object has the very id; a created one has Causeway's key. An address may belong to an account
    /// that existed before, so everything must be as sent, except for the letter case that Graph gives some values.
    private static func isOurs(_ found: JSONValue, _ action: Action, _ session: SyncSession) -> Bool {
        if action.verb == .restore || action.kind == .group || action.known["onPremisesImmutableId"]?.string != nil {
            return true
        }
        let shown = found.object ?? [:]
        return AttributeDifference(kind: .user, types: session.types)
            .changes(from: shown, to: action.known.filter { shown[$0.key] != nil }).isEmpty
    }

    /// Links it, to no local object if its own is gone or has another link: it is then deleted like any object that was left.
    private static func adopt(
        _ id: EntraObjectID,
        _ found: JSONValue,
        _ action: Action,
        _ session: SyncSession,
        _ transaction: Transaction
    ) throws {
        let provider = session.provider.id
        let selection = session.properties(action.kind)
        let report = ObjectSnapshot((found.object ?? [:]).filter { selection.contains($0.key) }, selection: selection)
        let consistencyWindow = ConsistencyWindow(now: transaction.now, time: session.consistencyWindow)
        try transaction.setPresence(id, to: .present, provider: provider)
        let present = try transaction.mirrorObject(id, provider: provider)
        try transaction.merge(report, of: id, over: present, kind: action.kind, provider: provider, consistencyWindow)
        guard try !transaction.isLinked(id, provider: provider) else { return }
        var owner = try action.object.flatMap { try transaction.exists($0) ? $0 : nil }
        if let object = owner, let link = try transaction.link(of: object, provider: provider) {
            if link.presence == .present { owner = nil } else { try transaction.deleteLink(link.id) }
        }
        let link = ObjectLink(
            provider: provider,
            kind: action.kind,
            object: owner,
            entraID: id,
            known: [:]
        )
        // Its deletion may have been considered before it was known to exist.
        if owner == nil { try transaction.retryDeletions(of: action.kind, provider: provider) }
        try transaction.saveLink(link, name: action.name, former: action.object)
        if let owner { try transaction.unsettle([owner], .tenant, at: provider) }
    }
}

extension Outcome {
    fileprivate static let createNotFound = Outcome(
        .retry,
        message: "The answer was lost, and the object was not found in the tenant afterwards."
    )
}
