import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore

/// The user whom a mapping names as a manager.
enum Manager: Hashable, Sendable {
    case nobody
    /// With its Entra id, if it has one.
    case user(UserID, name: String, EntraObjectID?)
    /// No user of the directory, or more than one, has that name.
    case unknown(String)

    /// Looks a reference up.
    init(_ reference: ManagerReference, provider: ProviderID, in transaction: Transaction) throws {
        let user: User?
        switch reference {
        case .nobody:
            self = .nobody
            return
        case .key(let key): user = try transaction.user(key)
        case .name(let name): user = try transaction.user(named: name) ?? transaction.onlyUser(withEmail: name)
        }
        guard let user else {
            self = .unknown(reference.text)
            return
        }
        let link = try transaction.link(of: ObjectReference(user.id), provider: provider)
        self = .user(user.id, name: user.username, link?.presence == .present ? link?.entraID : nil)
    }

    /// The user of the directory, if it is one.
    var user: UserID? {
        if case .user(let id, _, _) = self { id } else { nil }
    }
}

extension ManagerReference {
    fileprivate var text: String {
        switch self {
        case .nobody: ""
        case .key(let key): "\(key)"
        case .name(let name): name
        }
    }
}

/// The link from a user to its manager, as the directory wants it. Pure.
struct ManagerPlan {
    let user: ObjectReference
    /// The user's name.
    let name: String
    let manager: Manager
    /// The Entra id of the manager in Entra; nil if there is none.
    let known: String?
    /// The user's own Entra id, if it has one already.
    let entraID: EntraObjectID?

    /// The action that is needed; nil if Entra has the right manager.
    func action() -> StoredAction? {
        switch manager {
        case .nobody:
            guard let known else { return nil }
            return planned(.removeManager, [AttributeChange(attribute: "manager", old: .string(known), new: .null)], [])
        case .user(let id, let name, let entraID):
            if let entraID, entraID.rawValue == known { return nil }
            let change = AttributeChange(
                attribute: "manager",
                old: known.map(JSONValue.string),
                new: .string(entraID?.rawValue ?? name)
            )
            return planned(.setManager, [change], [.local(ObjectReference(id))])
        case .unknown(let name):
            return StoredAction(action: action(.skip, .managerUnknown, [], []), outcome: Self.unknown(name))
        }
    }

    private static func unknown(_ name: String) -> Outcome {
        Outcome(
            .failed,
            message:
                "manager '\(name)' matches no user of the directory, or several; the manager stays as it is.",
            remedy: "Correct the user's data, or the mapping's value of 'manager'.",
            attribute: "manager",
            rule: FailureRule(
                "unknown-manager",
                title: "manager matches no user of the directory, or several; managers stay as they are."
            )
        )
    }

    private func planned(_ verb: ActionVerb, _ changes: [AttributeChange], _ members: [MemberReference]) -> StoredAction
    {
        StoredAction(action: action(verb, .managerDiffers, changes, members), outcome: Outcome(.planned))
    }

    private func action(
        _ verb: ActionVerb,
        _ reason: ActionReason,
        _ changes: [AttributeChange],
        _ members: [MemberReference]
    ) -> Action {
        Action(
            phase: .references,
            verb: verb,
            kind: .user,
            object: user,
            name: name,
            entraID: entraID,
            reason: reason,
            changes: changes,
            members: members
        )
    }
}
