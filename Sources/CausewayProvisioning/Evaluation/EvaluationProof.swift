import CausewayModel
import CausewayStore
import Logging

/// Compares a plan that was made from everything with what a plan of the changes alone would have been about. An action on another object
/// means that a change stayed unnoticed: a defect of this program, which is recorded as an event.
struct EvaluationProof {
    let session: SyncSession

    /// What would have been evaluated.
    struct Claim: Sendable {
        let expected: ChangedObjects
        /// The entry of the journal, and the last full sync, since when it can have changed.
        let position: Int64
        let evaluation: Evaluation
    }

    private static let pageSize = 1000
    /// How many objects an event names.
    private static let mostNamed = 10

    /// Checks the plan of the session's run.
    func run(_ claim: Claim) async throws {
        guard let expected = try await expected(claim) else { return }
        var (count, named, last) = (0, [String](), Int64(0))
        while true {
            let (page, unexpected) = try await session.store.read { [last, run = session.run] transaction in
                let page = try transaction.actions(of: run, after: last, limit: Self.pageSize).map(\.action)
                return (page, try page.filter { try isUnexpected($0, expected, in: transaction) })
            }
            guard let end = page.last?.sequence else { break }
            last = end
            count += unexpected.count
            named += unexpected.prefix(Self.mostNamed - named.count).map { "\($0.verb.words) \($0.name)" }
        }
        if count > 0 { try await record(count, named) }
    }

    /// What would have been evaluated, with what has changed while the plan was made; nil if that is too much to tell.
    private func expected(_ claim: Claim) async throws -> ChangedObjects? {
        let reader = EvaluationExtentReader(session: session)
        let now = try await session.store.read {
            try reader.changes(after: claim.position, since: claim.evaluation, $0)?.0
        }
        return now.map { claim.expected.union($0) }
    }

    private func isUnexpected(
        _ action: Action,
        _ expected: ChangedObjects,
        in transaction: Transaction
    ) throws -> Bool {
        // What a mapping skips needs nothing.
        if action.reason == .skippedByMapping { return false }
        if let user = action.object?.user { return !expected.users.contains(user) }
        guard let group = action.object?.group, !expected.groups.contains(group), expected.members[group] == nil else {
            return false
        }
        guard action.verb == .addMembers || action.verb == .removeMember else { return true }
        // Members follow from objects that get or lose their link.
        return try action.members.contains { member in
            switch member {
            case .local(let object): return !expected.contains(object)
            case .remote(let id):
                guard let link = try transaction.link(to: id, provider: session.provider.id) else { return true }
                return link.object.map { !expected.contains($0) } ?? false
            }
        }
    }

    private func record(_ count: Int, _ named: [String]) async throws {
        let provider = session.provider
        session.logger.error(
            "a comparison of everything found changes that had not been noticed",
            metadata: [
                "provider": "\(provider.name)", "actions": "\(count)", "first": "\(named.joined(separator: ", "))",
            ]
        )
        let message =
            "Actions that the full syncs before had left out: \(count). First: \(named.joined(separator: ", "))."
        try await session.store.write { [run = session.run] transaction in
            try transaction.insertEvent(
                .run(.changesMissed, by: .engine, provider, run, message, at: transaction.now)
            )
        }
    }
}

extension ChangedObjects {
    fileprivate func union(_ other: ChangedObjects) -> ChangedObjects {
        var union = self
        union.users.formUnion(other.users)
        union.groups.formUnion(other.groups)
        union.members.merge(other.members) { one, _ in one }
        return union
    }

    /// Whether an object's own attributes are planned.
    fileprivate func contains(_ object: ObjectReference) -> Bool {
        object.user.map(users.contains) ?? object.group.map(groups.contains) ?? false
    }
}
