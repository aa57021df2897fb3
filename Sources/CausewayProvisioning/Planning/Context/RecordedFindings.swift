import CausewayModel
import CausewayStore

/// What is stored about some Entra objects and decides what is sent to them: unresolved drift, and what Graph refused.
struct RecordedFindings: Sendable {
    private var drifts: [EntraObjectID: [Drift]] = [:]
    private var refusals: [EntraObjectID: [Refusal]] = [:]

    fileprivate init() {}

    fileprivate init(of ids: [EntraObjectID], provider: ProviderID, in transaction: Transaction) throws {
        // Most providers have neither.
        if try transaction.hasUnresolvedDrift(provider) {
            for id in ids { drifts[id] = try transaction.unresolvedDrift(of: id, provider: provider) }
        }
        if try transaction.hasRefusals(of: provider) {
            for id in ids { refusals[id] = try transaction.refusals(of: id, provider: provider) }
        }
    }

    func drifts(of id: EntraObjectID?) -> [Drift] { id.flatMap { drifts[$0] } ?? [] }

    func refusals(of id: EntraObjectID?) -> [Refusal] { id.flatMap { refusals[$0] } ?? [] }
}

extension PlanningContext {
    /// Reads what is stored about a page of Entra objects.
    func findings(of ids: [EntraObjectID]) async throws -> RecordedFindings {
        guard !ids.isEmpty else { return RecordedFindings() }
        return try await store.read { [id = provider.id] in try RecordedFindings(of: ids, provider: id, in: $0) }
    }
}
