package import CausewayJSON
package import CausewayModel
package import CausewayStore

/// Everything that is known of one object at one provider: whether it is in scope and why, its link, its desired and known values,
/// past actions, and the next step.
package struct Explanation: Sendable {
    /// Whether the provider syncs at all, or why it does not.
    package let provider: Standing
    package let scope: Scope
    package let link: Link?
    /// Of a user with an account: whether it may sign in.
    package let signIn: SignIn?
    /// Whether something is sent within seconds, by itself.
    package let isSending: Bool
    /// What the mappings return, or why they return nothing.
    package let desired: Desired
    /// Every attribute that the mappings return.
    package let attributes: [Attribute]
    /// Of a group: missing and extra members.
    package let members: Members?
    /// The latest actions first.
    package let history: [PastAction]
    /// What the next run does, in sentences; never empty.
    package let next: [String]

    /// The provider.
    package struct Standing: Sendable {
        package let id: ProviderID
        package let name: String
        /// Why it does nothing at present; nil if it works.
        package let obstacle: String?
    }

    /// Whether the provider provisions the object.
    package struct Scope: Sendable {
        package let isIncluded: Bool
        /// In a clause: `member of the filter group 'Pilot'`.
        package let reason: String
    }

    /// The Entra object that the object is linked to.
    package struct Link: Sendable {
        package let entraID: EntraObjectID
        package let presence: EntraPresence
        /// The key that found it, or `created by Causeway`.
        package let origin: String
        package let since: Timestamp
        /// Whether the account is suspended because its user left.
        package let isSuspended: Bool
        /// Its page in Microsoft's admin center; nil if there is none.
        package let portal: String?
    }

    /// Whether an account may sign in, as far as Causeway knows, and what changes that.
    package struct SignIn: Hashable, Sendable {
        package let isAllowed: Bool
        /// When a run last changed it; nil if none of the latest did.
        package let since: Timestamp?
        package let change: Change

        /// Whether it is about to change.
        package enum Change: String, Sendable {
            case none
            /// It is sent within seconds.
            case sending
            /// It waits for a later run, or for a person.
            case waiting
        }
    }

    /// What the mappings make of the object.
    package enum Desired: Sendable {
        case values
        /// Nothing is desired: it is out of scope, or a mapping skips it. Or the mappings fail, for the given reason.
        case nothing(reason: String, remedy: String)
    }

    /// One attribute on both sides.
    package struct Attribute: Sendable {
        package let name: String
        package let desired: JSONValue
        package let known: JSONValue
        /// Whether the next run writes it.
        package let isWritten: Bool
        /// The external change, if it is one.
        package let drift: Drift?
    }

    /// The members of a group.
    package struct Members: Sendable {
        package let known: Int
        /// The first members that the directory has and Entra does not, by name.
        package let missing: [String]
        /// The first members that the directory has and that have no Entra object yet, by name.
        package let waiting: [String]
        /// The first members that Entra has and the directory does not, by Entra id.
        package let extra: [String]
    }
}

extension Explanation {
    /// The explanation as JSON.
    package var json: JSONValue {
        [
            "provider": [
                "pk": .integer(provider.id.rawValue), "name": .string(provider.name),
                "obstacle": JSONValue(provider.obstacle),
            ],
            "scope": ["included": .bool(scope.isIncluded), "reason": .string(scope.reason)],
            "link": link?.json ?? .null, "sign_in": signIn?.json ?? .null, "is_sending": .bool(isSending),
            "desired": desired.json,
            "attributes": .array(attributes.map(\.json)), "members": members?.json ?? .null,
            "history": .array(history.map(\.json)), "next": .array(next.map(JSONValue.string)),
        ]
    }
}

extension Explanation.Link {
    fileprivate var json: JSONValue {
        [
            "entra_id": .string(entraID.rawValue), "presence": .string(presence.rawValue), "origin": .string(origin),
            "since": .string(since.text), "suspended": .bool(isSuspended),
            "portal": JSONValue(portal),
        ]
    }
}

extension Explanation.SignIn {
    fileprivate var json: JSONValue {
        [
            "allowed": .bool(isAllowed), "since": JSONValue(since?.text), "change": .string(change.rawValue),
        ]
    }
}

extension Explanation.Desired {
    fileprivate var json: JSONValue {
        guard case .nothing(let reason, let remedy) = self else { return ["state": "values"] }
        return ["state": "nothing", "reason": .string(reason), "remedy": .string(remedy)]
    }
}

extension Explanation.Attribute {
    fileprivate var json: JSONValue {
        [
            "name": .string(name), "desired": desired, "known": known, "written_next": .bool(isWritten),
            "drift": drift.map { drift in
                [
                    "old": drift.old, "new": drift.new, "seen": .string(drift.seen.text),
                    "status": .string(drift.status.rawValue),
                ]
            } ?? .null,
        ]
    }
}

extension Explanation.Members {
    fileprivate var json: JSONValue {
        [
            "known": .integer(Int64(known)), "missing": .array(missing.map(JSONValue.string)),
            "waiting": .array(waiting.map(JSONValue.string)), "extra": .array(extra.map(JSONValue.string)),
        ]
    }
}

extension PastAction {
    fileprivate var json: JSONValue {
        [
            "time": .string(updated.text), "run": .string(run.text), "trigger": .string(trigger.rawValue),
            "name": .string(stored.action.name),
            "action": .string(stored.action.verb.rawValue), "reason": .string(stored.action.reason.rawValue),
            "outcome": .string(stored.outcome.status.rawValue), "message": .string(stored.outcome.message),
            "remedy": .string(stored.outcome.remedy),
        ]
    }
}
