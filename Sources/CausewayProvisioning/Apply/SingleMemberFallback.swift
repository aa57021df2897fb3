import CausewayGraph
import CausewayJSON
import CausewayModel

/// Adds members one by one if Graph refused them together: a request is all or nothing, so one bad member, or one that is
/// already there, must not keep the others out.
struct SingleMemberFallback {
    let session: SyncSession

    func addOneByOne(_ prepared: PreparedAction, _ failure: GraphFailure) async throws -> ActionResult {
        guard let group = prepared.entraID, prepared.members.count > 1 else { return result(of: prepared, failure) }
        let (added, refused) = try await add(prepared.members, to: group)
        var actionResult = ActionResult(prepared, outcome(refused))
        actionResult.added = added
        actionResult.refused = refused
        actionResult.outcomeNamesRefused = true
        return actionResult
    }

    /// Adds members to a group, each with its own request.
    func add(_ members: [EntraObjectID], to group: EntraObjectID) async throws -> (
        added: [EntraObjectID], refused: [RefusedPart]
    ) {
        let graph = session.graph.baseURL
        let requests = members.map { member in
            GraphRequest(
                .post,
                "/groups/\(group.rawValue.urlEncoded)/members/$ref",
                body: ["@odata.id": .string("\(graph)/directoryObjects/\(member.rawValue)")],
                repetition: .harmless
            ).withoutWaiting
        }
        var added: [EntraObjectID] = []
        var refused: [RefusedPart] = []
        for (member, result) in zip(members, try await session.graph.send(batch: requests)) {
            switch result {
            case .success: added.append(member)
            case .failure(let failure) where failure.kind == .memberAlreadyThere: added.append(member)
            case .failure(let failure): refused.append(RefusedPart(.member(member), ofMembers: failure))
            }
        }
        return (added, refused)
    }

    /// A permission that is missing for one member of a group is missing for all of them.
    func refusedWhole(_ prepared: PreparedAction, _ failure: GraphFailure) -> ActionResult {
        var actionResult = ActionResult(prepared, Outcome(failure))
        actionResult.outcomeNamesRefused = true
        let part: Refusal.Part
        if failure.kind == .permissionMissing {
            part = Refusal.members
        } else if prepared.action.verb == .removeMember, let member = prepared.members.first {
            part = .formerMember(member)
        } else {
            part = prepared.members.first.map { .member($0) } ?? Refusal.members
        }
        actionResult.refused = [RefusedPart(part, ofMembers: failure)]
        return actionResult
    }

    /// A single member that is already there is as desired.
    private func result(of prepared: PreparedAction, _ failure: GraphFailure) -> ActionResult {
        guard failure.kind == .memberAlreadyThere else {
            return failure.refusesContent ? refusedWhole(prepared, failure) : ActionResult(prepared, Outcome(failure))
        }
        var actionResult = ActionResult(prepared, Outcome(.unchanged))
        actionResult.added = prepared.members
        return actionResult
    }

    private func outcome(_ refused: [RefusedPart]) -> Outcome {
        guard let first = refused.first, case .member(let member) = first.part else { return .applied }
        let waiting = refused.first { $0.outcome.status == .retry }?.outcome.status
        return Outcome(
            waiting ?? first.outcome.status,
            message:
                "\(refused.count) members could not be added, the first of them \(member): \(first.outcome.message)",
            remedy: first.outcome.remedy,
            attribute: "members",
            rule: first.outcome.rule
        )
    }
}
