import CausewayGraph
import CausewayGraphTypes
import CausewayJSON
import CausewayModel

/// Limits a refusal to the refused property: the others of its object are written in the same run, and an optional property that is
/// refused does not keep the object from being created.
struct RefusalSeparator {
    let session: SyncSession

    // MARK: Changes

    /// The result of an update that was refused.
    func result(ofChange prepared: PreparedAction, _ failure: GraphFailure) async throws -> ActionResult {
        let names = prepared.action.changes.map(\.attribute)
        guard let id = prepared.entraID, isWorthSeparating(names, failure) else {
            return refusedWhole(prepared, failure)
        }
        var separation = separation(of: prepared.action, at: id)
        try await separation.separate(names, failure)
        session.separations.note(isAnythingAccepted: !separation.accepted.isEmpty)
        guard !separation.accepted.isEmpty else { return refusedWhole(prepared, failure, separation) }
        var actionResult = ActionResult(prepared, Self.outcome(separation))
        actionResult.accepted = separation.accepted
        actionResult.refused = Self.refused(separation)
        return actionResult
    }

    private func isWorthSeparating(_ names: [String], _ failure: GraphFailure) -> Bool {
        names.count > 1 && (failure.name(among: names) != nil || session.separations.isLeft)
    }

    /// The result if Graph accepted nothing of it.
    private func refusedWhole(
        _ prepared: PreparedAction,
        _ failure: GraphFailure,
        _ separation: ChangeSeparation? = nil
    ) -> ActionResult {
        let names = prepared.action.changes.map(\.attribute)
        // A property that was refused alone is known; of several that were not separated, none is.
        let refused = separation.map(Self.refused) ?? (names.count == 1 ? [RefusedPart(names[0], failure)] : [])
        let outcome = separation?.passing.map { Outcome($0) } ?? refused.first?.outcome ?? Outcome(failure)
        var actionResult = ActionResult(prepared, outcome)
        actionResult.accepted = []
        actionResult.refused = refused
        actionResult.outcomeNamesRefused = true
        return actionResult
    }

    private static func refused(_ separation: ChangeSeparation) -> [RefusedPart] {
        separation.refused.map { RefusedPart($0.name, $0.failure) }
    }

    private static func outcome(_ separation: ChangeSeparation) -> Outcome {
        if let passing = separation.passing { return Outcome(passing) }
        let names = separation.refused.map(\.name).sorted().joined(separator: ", ")
        return Outcome(.applied, message: names.isEmpty ? "" : "Applied except \(names), which Entra ID refused.")
    }

    private func separation(of action: Action, at id: EntraObjectID) -> ChangeSeparation {
        let rules = action.kind == .user ? session.types.user : session.types.group
        return ChangeSeparation(
            graph: session.graph,
            path: "/\(action.kind.collection)/\(id.rawValue.urlEncoded)",
            body: action.body,
            sensitive: rules.sensitive.union(Self.withRightsOfTheirOwn)
        )
    }

    /// These need permissions of their own (Graph, update user: permissions for specific scenarios).
    private static let withRightsOfTheirOwn: Set<String> = [
        "identities", "employeeLeaveDateTime", "customSecurityAttributes", "passwordProfile",
    ]

    // MARK: Creations

    /// The result of a creation that was refused: it is retried without the refused parts, as long as the object can do without them.
    func result(ofCreation prepared: PreparedAction, _ failure: GraphFailure) async throws -> ActionResult {
        var narrowed = prepared
        var failure = failure
        var dropped: [RefusedPart] = []
        while true {
            guard let next = narrower(narrowed, failure, &dropped) else {
                return ActionResult(prepared, Outcome(failure))
            }
            narrowed = next
            let result = try await session.graph.send(batch: [narrowed.request]).first
            switch result {
            case .success(let answer)?:
                session.separations.note(isAnythingAccepted: true)
                return try await completed(prepared, narrowed, answer, dropped)
            case .failure(let again)?:
                guard again.refusesContent || again.isAboutMembers else {
                    return try await ResponseInterpreter(session: session).result(of: narrowed, .failure(again))
                }
                failure = again
            case nil: return ActionResult(prepared, Outcome(failure))
            }
        }
    }

    /// The next attempt: without the members that the failure may be about, without the property that it names, or with the required
    /// properties alone; nil if there is none.
    private func narrower(
        _ prepared: PreparedAction,
        _ failure: GraphFailure,
        _ dropped: inout [RefusedPart]
    ) -> PreparedAction? {
        let names = prepared.action.changes.map(\.attribute)
        let rules = prepared.action.kind == .user ? session.types.user : session.types.group
        if case .alreadyExists = failure.kind { return nil }
        if let name = failure.name(among: names) {
            guard !rules.requiredOnCreate.contains(name), !Self.identifying.contains(name) else { return nil }
            dropped.append(RefusedPart(name, failure))
            return session.prepared(prepared.action, without: [name], members: prepared.members)
        }
        if !prepared.members.isEmpty, failure.isAboutMembers || session.separations.isLeft {
            return session.prepared(prepared.action, without: [], members: [])
        }
        let optional = Set(names).subtracting(rules.requiredOnCreate).subtracting(Self.essential)
        guard failure.refusesContent, !optional.isEmpty, session.separations.isLeft else {
            session.separations.note(isAnythingAccepted: false)
            return nil
        }
        return session.prepared(prepared.action, without: optional, members: [])
    }

    /// Without these an object could not be found again, or would be another object.
    private static let identifying: Set<String> = ["identities", "uniqueName", "groupTypes", "isAssignableToRole"]
    private static let essential: Set<String> = identifying.union([
        "onPremisesImmutableId", "passwordPolicies", "userType", "visibility", "membershipRule",
        "membershipRuleProcessingState",
    ])

    /// The object exists; what was not sent with its creation follows.
    private func completed(
        _ prepared: PreparedAction,
        _ narrowed: PreparedAction,
        _ answer: GraphResponse,
        _ dropped: [RefusedPart]
    ) async throws -> ActionResult {
        var actionResult = try await ResponseInterpreter(session: session).result(of: narrowed, .success(answer))
        actionResult.desired = prepared.action.known
        guard let id = actionResult.created?.id else { return actionResult }
        let sent = Set(narrowed.action.changes.map(\.attribute))
        let rest = prepared.action.changes.map(\.attribute)
            .filter { name in !sent.contains(name) && !dropped.contains { $0.part == .attribute(name) } }
        var separation = separation(of: prepared.action, at: id)
        try await separation.send(rest)
        actionResult.refused = dropped + Self.refused(separation)
        if let passing = separation.passing {
            let settled = separation.accepted.union(separation.refused.map(\.name))
            actionResult.refused += rest.filter { !settled.contains($0) }.map { RefusedPart($0, passing) }
        }
        let shown = prepared.action.known.filter { separation.accepted.contains($0.key) }
        actionResult.created?.known.merge(shown) { $1 }
        if narrowed.members.isEmpty, !prepared.members.isEmpty {
            let added = try await SingleMemberFallback(session: session).add(prepared.members, to: id)
            actionResult.added = added.added
            actionResult.refused += added.refused
        }
        return actionResult
    }
}

/// A part of an object that Graph refused.
struct RefusedPart: Hashable, Sendable {
    let part: Refusal.Part
    let outcome: Outcome
    /// Whether it would be refused again.
    let lasts: Bool

    init(_ name: String, _ failure: GraphFailure) {
        part = .attribute(name)
        let told = Outcome(failure)
        outcome = Outcome(told.status, message: told.message, remedy: told.remedy, attribute: name, rule: told.rule)
        lasts = failure.lasts
    }

    init(_ part: Refusal.Part, ofMembers failure: GraphFailure) {
        self.part = part
        let told = Outcome(failure)
        outcome = Outcome(
            told.status,
            message: told.message,
            remedy: told.remedy,
            attribute: "members",
            rule: told.rule.map { FailureRule("members:\($0.id)", title: "Members cannot be written. \($0.title)") }
        )
        lasts = failure.lasts
    }
}

extension GraphFailure {
    /// Whether one of the members that a request names may be at fault.
    var isAboutMembers: Bool {
        switch kind {
        case .referenceNotFound, .notFound, .memberAlreadyThere: true
        default: false
        }
    }
}
