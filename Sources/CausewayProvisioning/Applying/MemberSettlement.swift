import CausewayGraph
import CausewayJSON
import CausewayModel

/// Adds members one by one where Graph refused them together: a bundle is all or nothing, so one bad member, or one that is
/// there already, must not keep the others out.
struct MemberSettlement {
    let session: SyncSession

    func addOneByOne(_ prepared: PreparedAction, _ failure: GraphFailure) async throws -> Effect {
        guard let group = prepared.entraID, prepared.members.count > 1 else { return effect(of: prepared, failure) }
        let graph = session.graph.baseURL
        let requests = prepared.members.map { member in
            GraphRequest(
                .post,
                "/groups/\(group.rawValue.urlEncoded)/members/$ref",
                body: ["@odata.id": .string("\(graph)/directoryObjects/\(member.rawValue)")],
                repetition: .harmless
            )
        }
        var added: [EntraObjectID] = []
        var refused: [(EntraObjectID, GraphFailure)] = []
        for (member, result) in zip(prepared.members, try await session.graph.send(batch: requests)) {
            switch result {
            case .success: added.append(member)
            case .failure(let failure) where failure.kind == .memberAlreadyThere: added.append(member)
            case .failure(let failure): refused.append((member, failure))
            }
        }
        var effect = Effect(prepared, outcome(refused))
        effect.added = added
        return effect
    }

    /// A single member that is there already is what was wanted.
    private func effect(of prepared: PreparedAction, _ failure: GraphFailure) -> Effect {
        guard failure.kind == .memberAlreadyThere else { return Effect(prepared, Outcome(failure)) }
        var effect = Effect(prepared, Outcome(.unchanged))
        effect.added = prepared.members
        return effect
    }

    private func outcome(_ refused: [(member: EntraObjectID, failure: GraphFailure)]) -> Outcome {
        guard let first = refused.first else { return .applied }
        let outcome = Outcome(first.failure)
        return Outcome(
            outcome.status,
            message:
                "\(refused.count) members could not be added, the first of them \(first.member): \(outcome.message)",
            remedy: outcome.remedy,
            attribute: "members",
            rule: outcome.rule.map { FailureRule("members:\($0.id)", title: "Members cannot be added. \($0.title)") }
        )
    }
}
