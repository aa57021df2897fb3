import CausewayJSON
import CausewayModel

/// Finds what the first link of an object would take away from an existing Entra object: names that people sign in with, know or
/// choose, and addresses. Pure.
///
/// Everything else that a mapping returns may be overwritten without approval, since nothing of value is lost. Inactive users are
/// suspended because the directory says so, which the guard watches over.
enum FirstLinkRule {
    private static let ofUsers: Set<String> = [
        "userPrincipalName", "displayName", "givenName", "surname", "mailNickname", "mail", "otherMails", "identities",
        "onPremisesImmutableId", "userType",
    ]
    private static let ofGroups: Set<String> = ["displayName", "uniqueName"]

    /// The actions on one linked object; those that need approval are separate if its link still needs it.
    static func separate(_ actions: [Action], at link: ObjectLink) -> [Action] {
        link.asksFirst ? separate(actions, known: link.known) : actions
    }

    /// Moves what needs approval out of the actions on one object into separate actions; all else can go ahead.
    ///
    /// - Parameter known: the known values of the Entra object.
    static func separate(_ actions: [Action], known: [String: JSONValue]) -> [Action] {
        actions.flatMap { action -> [Action] in
            guard action.verb == .update else { return [action] }
            let asking = action.changes.filter { takesAway($0, action.kind, known) }
            guard !asking.isEmpty else { return [action] }
            let rest = action.changes.filter { !asking.contains($0) }
            let first = rest.isEmpty ? [] : [action.with(changes: rest)]
            // After all other actions of the object: two writes to it at a time may be refused.
            let (level, detail) = (action.level + 2, Action.asksFirstDetail)
            return first + [action.with(level: level, detail: detail, changes: asking, asksFirst: true)]
        }
    }

    private static func takesAway(_ change: AttributeChange, _ kind: ObjectKind, _ known: [String: JSONValue]) -> Bool {
        let old = change.old ?? .null
        guard !old.isNull, old.string?.isEmpty != true, old.array?.isEmpty != true else { return false }
        // A group's nickname is the first half of its address, if it has one.
        if kind == .group, change.attribute == "mailNickname" { return known["mailEnabled"] == true }
        guard (kind == .user ? ofUsers : ofGroups).contains(change.attribute) else { return false }
        // A list that only grows takes nothing away.
        guard let before = old.array else { return true }
        return !before.allSatisfy { (change.new.array ?? []).contains($0) }
    }
}
