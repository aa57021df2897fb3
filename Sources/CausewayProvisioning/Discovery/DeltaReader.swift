import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayStore

/// Reads one round of a collection's delta query into the mirror: what changed since the last round, or everything.
struct DeltaReader {
    let session: SyncSession
    let kind: ObjectKind

    /// Linked objects that this round reports as gone: a read must confirm it.
    private typealias ReportedRemovals = [EntraObjectID: EntraPresence]

    func run() async throws {
        let link = try await presentLink()
        var (round, removals, count) = (Int64(0), ReportedRemovals(), 0)
        let step: SyncProgress.Step = kind == .user ? .readingUsers : .readingGroups
        try await session.graph.delta(kind.collection, select: selection, from: link).forEach { element in
            switch element {
            case .begin(let told):
                removals = [:]
                round = told == .everything ? try await begin() : 0
            case .changes(let changes):
                removals.merge(try await take(changes, round)) { $1 }
                count += changes.count
                session.progress(SyncProgress(step, done: count, total: nil))
            case .end(let link): try await end(link, round, removals)
            }
        }
    }

    private var selection: [String] { session.selection(kind) + [kind == .group ? "members" : "manager"] }

    /// The tenant and properties that the delta query is about: when either changes, its link is no longer usable.
    private var source: String {
        "\(session.graph.baseURL) \(session.organization.id) \(selection.joined(separator: ","))"
    }

    private func presentLink() async throws -> DeltaLink? {
        let (provider, kind) = (session.provider.id, kind)
        let feed = try await session.store.read { try $0.mirrorFeed(kind, provider: provider) }
        guard let feed, feed.source == source else { return nil }
        return feed.deltaLink.map(DeltaLink.init)
    }

    private func begin() async throws -> Int64 {
        let (provider, kind, source) = (session.provider.id, kind, source)
        return try await session.store.write { try $0.beginMirrorRound(kind, source: source, provider: provider) }
    }

    private func take(_ changes: [DeltaChange], _ round: Int64) async throws -> ReportedRemovals {
        let (session, kind) = (session, kind)
        let named = session.properties(kind).union(kind == .user ? ["manager"] : [])
        let whole = round > 0 ? named : nil
        return try await session.store.write { transaction in
            let consistencyWindow = ConsistencyWindow(now: transaction.now, time: session.consistencyWindow)
            let provider = session.provider.id
            var removals = ReportedRemovals()
            let ids = changes.map { EntraObjectID($0.id) }
            // This comes before the run decides what it evaluates. Without a record of the last time, that is everything.
            let recorder = try TenantChangeRecorder(
                of: ids,
                kind: kind,
                in: session,
                recordsUnsettled: try transaction.evaluation(of: provider) != nil,
                transaction
            )
            var objects = try MirrorPage(of: ids, provider: provider, in: transaction)
            for (id, change) in zip(ids, changes) {
                let isLinked = recorder.isLinked(id)
                if let removal = change.removal {
                    let presence: EntraPresence = removal == .purged ? .purged : .deleted
                    if isLinked {
                        removals[id] = presence
                    } else if try objects.take(id, in: transaction) != nil {
                        try transaction.markGone(id, presence, kind: kind, provider: provider)
                    }
                    continue
                }
                var properties = change.properties.filter { named.contains($0.key) }
                // A removed and an added link are reported together.
                if let links = change.links["manager"] {
                    properties["manager"] = JSONValue(links.first { !$0.isRemoved }?.id)
                }
                let report = ObjectSnapshot(properties, selection: whole)
                let merged = try transaction.merge(
                    report,
                    of: id,
                    over: objects.take(id, in: transaction),
                    kind: kind,
                    provider: provider,
                    round: round,
                    consistencyWindow
                )
                guard isLinked else { continue }
                try recorder.record(merged, of: id, in: transaction)
                try Self.merge(
                    change.links["members"] ?? [],
                    of: id,
                    provider,
                    round,
                    consistencyWindow,
                    in: transaction
                )
            }
            return removals
        }
    }

    /// Merges reported members of a linked group, and records external changes.
    private static func merge(
        _ links: [DeltaChange.Link],
        of group: EntraObjectID,
        _ provider: ProviderID,
        _ round: Int64,
        _ consistencyWindow: ConsistencyWindow,
        in transaction: Transaction
    ) throws {
        guard !links.isEmpty else { return }
        let members = Dictionary(links.map { (EntraObjectID($0.id), !$0.isRemoved) }, uniquingKeysWith: { $1 })
        let news = try transaction.merge(
            members: members,
            of: group,
            provider: provider,
            round: round,
            consistencyWindow
        )
        guard try !news.isEmpty && transaction.knowsMembers(of: group, provider: provider) else { return }
        for isMember in [true, false] {
            let changed = news.filter { members[$0] == isMember }
            try transaction.recordDrift(ofMembers: changed, areMembers: isMember, of: group, provider: provider)
        }
    }

    private func end(_ link: DeltaLink, _ round: Int64, _ removals: ReportedRemovals) async throws {
        let (session, kind, provider) = (session, kind, session.provider.id)
        let reader = ObjectReader(session: session, kind: kind)
        if round > 0 {
            let unseen = try await session.store.read {
                try $0.linkedObjectsUnseen(in: round, provider: provider, kind: kind)
            }
            try await RecycleBinReader(session: session, kind: kind).read(round)
            try await reader.read(unseen.filter { removals[$0] == nil })
        }
        try await reader.read(Array(removals.keys), removals)
        try await session.store.write { transaction in
            if round > 0 {
                let consistencyWindow = ConsistencyWindow(now: transaction.now, time: session.consistencyWindow)
                try transaction.forgetUnlinkedObjects(
                    unseenIn: round,
                    provider: provider,
                    kind: kind,
                    consistencyWindow
                )
                if kind == .group { try transaction.endMemberRound(round, provider: provider, consistencyWindow) }
            }
            try transaction.endMirrorRound(kind, deltaLink: link.url, provider: provider)
        }
    }
}
