import CausewayJSON
package import CausewayModel
package import CausewayStore
import Foundation

/// Explains objects from what is stored and what the mappings return; the tenant is not asked.
package struct Explainer: Sendable {
    private let store: Store
    private let runtime: ProvisioningRuntime

    private static let historyLength = 10
    private static let memberSample = 10

    package init(store: Store, runtime: ProvisioningRuntime) {
        self.store = store
        self.runtime = runtime
    }

    /// Explains an object at one provider.
    ///
    /// - Throws: ``ProvisioningError`` if the mappings cannot be evaluated at all.
    package func explain(_ object: ObjectReference, at provider: EntraProvider) async throws -> Explanation {
        let (found, plan) = try await standing(of: object, at: provider)
        var actions = plan?.actions.lines ?? []
        if !found.scope.isIncluded, let storedLink = found.storedLink,
            let exit = DeprovisioningPlan(settings: provider.settings).action(for: storedLink, name: found.name)
        {
            actions.append(StoredAction(action: exit, outcome: Outcome(.planned)))
        }
        var skipped = SkippedObjects()
        if let plan { skipped.add(plan) }
        let sending = try await sending(actions.map(\.action), found, at: provider)
        let members = try await members(of: object, provider, found.storedLink)
        let blockingReason = try await blockingReasonForMembers(of: found.storedLink, members, provider)
        return Explanation(
            provider: .init(id: provider.id, name: provider.name, obstacle: found.obstacle),
            scope: found.scope,
            link: found.link,
            signIn: Self.signIn(found, actions.map(\.action), sending),
            isSending: sending.isImmediate && actions.contains { $0.action.verb != .skip },
            desired: Self.desired(plan, found.scope),
            attributes: Self.attributes(plan, found.storedLink, actions, found.drifts),
            members: members,
            history: found.history,
            next: Self.next(
                found,
                actions,
                sending,
                blockingReason == nil && !skipped.contains(object) ? members : nil,
                notes: (plan?.notes ?? []) + (blockingReason.map { [$0] } ?? [])
            )
        )
    }

    /// What is stored and what would be done, at the same moment: if a run links or changes the object in between, both are read
    /// again.
    private func standing(of object: ObjectReference, at provider: EntraProvider) async throws -> (Found, ObjectPlan?) {
        var attempts = 10
        while true {
            let found = try await found(object, at: provider)
            let plan = found.scope.isIncluded ? try await plan(object, at: provider) : nil
            let isPresent = try await store.read { transaction in
                let link = try transaction.link(of: object, provider: provider.id)
                let history = try Self.history(of: object, provider, transaction)
                return link == found.storedLink && history == found.history
            }
            attempts -= 1
            if attempts == 0 || isPresent { return (found, plan) }
        }
    }

    private static func history(
        of object: ObjectReference,
        _ provider: EntraProvider,
        _ transaction: Transaction
    ) throws -> [PastAction] {
        try transaction.history(of: object, provider: provider.id, limit: Self.historyLength)
    }

    // MARK: What is stored

    private struct Found: Sendable {
        let name: String
        let obstacle: String?
        let scope: Explanation.Scope
        let storedLink: ObjectLink?
        let link: Explanation.Link?
        let history: [PastAction]
        let retry: Retry?
        let drifts: [Drift]
        /// Whether changes of the directory wait to be sent, and are sent as soon as a server runs.
        let isFollowed: Bool
    }

    private func found(_ object: ObjectReference, at provider: EntraProvider) async throws -> Found {
        try await store.read { transaction in
            let storedLink = try transaction.link(of: object, provider: provider.id)
            let position = try transaction.journalPosition(of: provider.id)
            let obstacle = Self.obstacle(provider, try transaction.runState(of: provider.id), transaction.now)
            let origin = try transaction.linkOrigin(of: object, provider: provider.id)
            return Found(
                name: try transaction.name(of: object) ?? object.id,
                obstacle: obstacle,
                scope: try ScopeExplainer(provider: provider).explain(object, in: transaction),
                storedLink: storedLink,
                link: storedLink.flatMap { link in
                    origin.map { Self.link(link, $0, EntraPortal(of: provider.settings)) }
                },
                history: try Self.history(of: object, provider, transaction),
                retry: try transaction.retry(of: object, provider: provider.id),
                drifts: try storedLink.map {
                    try transaction.unresolvedDrift(of: $0.entraID, provider: provider.id)
                } ?? [],
                isFollowed: try obstacle == nil && position.map { try $0 < transaction.journalEnd() } ?? false
            )
        }
    }

    private static func link(
        _ link: ObjectLink,
        _ origin: (matchedBy: String, since: Timestamp),
        _ portal: EntraPortal?
    ) -> Explanation.Link {
        Explanation.Link(
            entraID: link.entraID,
            presence: link.presence,
            origin: ActionReason(rawValue: origin.matchedBy)?.sentence ?? "created by Causeway",
            since: origin.since,
            isSuspended: link.isSuspended,
            portal: link.presence == .present ? portal?.page(of: link.entraID, link.kind) : nil
        )
    }

    private static func obstacle(_ provider: EntraProvider, _ runState: ProviderRunState, _ now: Timestamp) -> String? {
        if provider.application == nil {
            return "It is not assigned to an application, so nothing is synced and nothing is removed."
        }
        if let group = provider.vanishedFilterGroup {
            return "Its filter group '\(group)' was deleted; nothing is synced until another group or none is chosen."
        }
        if let quarantine = runState.quarantine, runState.isQuarantined(at: now) {
            return "It is in quarantine until \(quarantine.quarantinedUntil.text): \(quarantine.reason)"
        }
        if runState.schedule.isPaused { return "It is paused." }
        return provider.dryRun ? "It is set to dry run: it makes plans and changes nothing." : nil
    }

    // MARK: What would be done

    private func plan(_ object: ObjectReference, at provider: EntraProvider) async throws -> ObjectPlan? {
        try await SessionOpener(store: store, runtime: runtime).openOffline(provider) { session in
            try await SingleObjectPlanner(session: session).plan(object)
        }
    }

    private func members(
        of object: ObjectReference,
        _ provider: EntraProvider,
        _ storedLink: ObjectLink?
    ) async throws -> Explanation.Members? {
        guard let group = object.group else { return nil }
        let entraID = storedLink?.presence == .present ? storedLink?.entraID : nil
        let sample = Self.memberSample
        return try await store.read { transaction in
            let users = try transaction.missingUsers(
                in: group,
                at: entraID,
                provider: provider,
                after: nil,
                limit: sample
            )
            let groups = try transaction.missingGroups(in: group, at: entraID, provider: provider)
            func names(_ members: [MissingMember]) throws -> [String] {
                try members.prefix(sample).map { try transaction.name(of: $0.member) ?? $0.member.id }
            }
            let missing = try names((users + groups).filter { $0.entraID != nil })
            let waiting = try names((users + groups).filter { $0.entraID == nil })
            guard let entraID else { return .init(known: 0, missing: missing, waiting: waiting, extra: []) }
            let extra = try transaction.extraMembers(
                of: group,
                at: entraID,
                provider: provider,
                after: nil,
                limit: sample
            )
            return .init(
                known: try transaction.knownMembers(of: entraID, provider: provider.id).count,
                missing: missing,
                waiting: waiting,
                extra: extra.map(\.entraID.rawValue)
            )
        }
    }

    /// Why members that differ are not written; nil if they are, or if none differ.
    private func blockingReasonForMembers(
        of storedLink: ObjectLink?,
        _ members: Explanation.Members?,
        _ provider: EntraProvider
    ) async throws -> String? {
        guard let storedLink, let members, !(members.missing.isEmpty && members.extra.isEmpty) else { return nil }
        if let blockingReason = Writability.blockingReasonForMembers(of: storedLink.known) { return blockingReason }
        let refusals = try await store.read { try $0.refusals(of: storedLink.entraID, provider: provider.id) }
        guard let refusal = RefusedMembers(refusals, of: storedLink.known).all else { return nil }
        return "Members are not sent again: \(refusal.outcome.message) \(refusal.outcome.remedy)"
    }

    // MARK: When it is done

    /// When the actions on an object are sent.
    private struct Sending {
        /// Within seconds.
        let isImmediate: Bool
        /// Whether what takes something away waits for a person, as the guard stands.
        let holdsDestructive: Bool

        func waits(_ action: Action) -> Bool { action.asksFirst || (holdsDestructive && action.isDestructive) }
    }

    private func sending(_ actions: [Action], _ found: Found, at provider: EntraProvider) async throws -> Sending {
        let isDestructive = actions.contains { $0.isDestructive }
        let holds =
            isDestructive ? try await store.read { try GuardAllowance(of: provider, in: $0).left == 0 } : false
        return Sending(isImmediate: found.isFollowed, holdsDestructive: holds)
    }

    private static func signIn(_ found: Found, _ actions: [Action], _ sending: Sending) -> Explanation.SignIn? {
        guard let link = found.storedLink, link.presence == .present,
            let isAllowed = link.known[AttributeChange.accountEnabled]?.bool
        else { return nil }
        let last = found.history.first { $0.stored.outcome.status == .applied && $0.stored.action.switchesSignIn }
        var change = Explanation.SignIn.Change.none
        if let action = actions.first(where: \.switchesSignIn) {
            change = sending.isImmediate && !sending.waits(action) ? .sending : .waiting
        }
        return Explanation.SignIn(isAllowed: isAllowed, since: last?.updated, change: change)
    }

    // MARK: Sentences

    private static func desired(_ plan: ObjectPlan?, _ scope: Explanation.Scope) -> Explanation.Desired {
        guard let plan else { return .nothing(reason: scope.reason, remedy: "") }
        guard case .leaveAlone(let reason, let outcome, _) = plan.decision else { return .values }
        return .nothing(
            reason: outcome.message.isEmpty ? reason.sentence : outcome.message,
            remedy: outcome.remedy
        )
    }

    private static func attributes(
        _ plan: ObjectPlan?,
        _ storedLink: ObjectLink?,
        _ actions: [StoredAction],
        _ drifts: [Drift]
    ) -> [Explanation.Attribute] {
        guard let desired = plan?.decision.desired else { return [] }
        let written = Set(actions.filter { $0.action.verb != .skip }.flatMap { $0.action.changes.map(\.attribute) })
        let known = plan?.decision.known ?? storedLink?.known ?? [:]
        return desired.properties.sorted { $0.key < $1.key }.map { name, value in
            Explanation.Attribute(
                name: name,
                desired: value,
                known: known[name] ?? .null,
                isWritten: written.contains(name),
                drift: drifts.first { $0.attribute == name && $0.member == nil }
            )
        }
    }

    private static func next(
        _ found: Found,
        _ actions: [StoredAction],
        _ sending: Sending,
        _ members: Explanation.Members?,
        notes: [String]
    ) -> [String] {
        var next: [String] = []
        if let obstacle = found.obstacle { next.append(obstacle) }
        for stored in actions {
            next.append(sentence(for: stored, sending))
        }
        if let members, !members.missing.isEmpty { next.append("Members are added: \(list(members.missing)).") }
        if let members, !members.waiting.isEmpty {
            next.append("Members wait until they have an Entra object: \(list(members.waiting)).")
        }
        if let members, !members.extra.isEmpty {
            next.append("Members that are not in the directory are checked: \(list(members.extra)).")
        }
        if let retry = found.retry {
            next.append("It has failed \(retry.attempts) times in a row. The next retry is at \(retry.due.text).")
        }
        if found.history.first?.stored.outcome.status == .held {
            next.append("Its last action waits for the approval of run \(found.history[0].run.text).")
        }
        return (next.isEmpty ? ["There is nothing to do: Entra matches the directory."] : next) + notes
    }

    private static func sentence(for stored: StoredAction, _ sending: Sending) -> String {
        let action = stored.action
        if action.verb == .skip {
            let outcome = stored.outcome
            let words = [outcome.message.isEmpty ? "\(action.reason.sentence)." : outcome.message, outcome.remedy]
            if action.reason == .refused {
                return
                    "\(outcome.attribute ?? "It") is not sent again: \(words.filter { !$0.isEmpty }.joined(separator: " "))"
            }
            return "Nothing is sent: \(words.filter { !$0.isEmpty }.joined(separator: " "))"
        }
        let what = action.changes.map(\.attribute).joined(separator: ", ")
        let phrase = action.phrase + (what.isEmpty ? "" : " (\(what))")
        if sending.waits(action) { return "Once a person approves, a run will \(phrase): \(action.reason.sentence)." }
        return sending.isImmediate
            ? "Within seconds, Causeway will \(phrase): \(action.reason.sentence)."
            : "The next run will \(phrase): \(action.reason.sentence)."
    }

    private static func list(_ names: [String]) -> String {
        names.joined(separator: ", ") + (names.count == memberSample ? " …" : "")
    }
}

extension Action {
    /// Whether it lets an account sign in, or stops it.
    fileprivate var switchesSignIn: Bool { verb == .suspend || changes.contains { $0.switchesSignIn } }
}

extension Transaction {
    /// The human-readable name of a local object.
    fileprivate func name(of object: ObjectReference) throws -> String? {
        if let user = object.user { return try self.user(user)?.username }
        return try object.group.flatMap { try group($0)?.name }
    }
}
