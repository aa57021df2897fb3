import CausewayJSON
import CausewayModel

/// Tells what the first link of an object would take away from what was in Entra before: names that people sign in with, are known by or
/// choose by, and addresses. Pure.
///
/// Whatever else a mapping gives may be overwritten unasked: nobody loses anything by it. Whoever is deactivated is blocked by the
/// directory's own word, which the guard watches over.
enum FirstLinkRule {
    private static let ofUsers: Set<String> = [
        "userPrincipalName", "displayName", "givenName", "surname", "mailNickname", "mail", "otherMails", "identities",
        "onPremisesImmutableId", "userType",
    ]
    private static let ofGroups: Set<String> = ["displayName", "uniqueName"]

    /// The actions about one linked object, with what asks first apart where its link still asks.
    static func separate(_ actions: [Action], at link: ObjectLink) -> [Action] {
        link.asksFirst ? separate(actions, known: link.known) : actions
    }

    /// Takes what asks first out of the actions about one object, into actions of their own; all else can go ahead.
    ///
    /// - Parameter known: what the Entra object is known to be.
    static func separate(_ actions: [Action], known: [String: JSONValue]) -> [Action] {
        actions.flatMap { action -> [Action] in
            guard action.verb == .update else { return [action] }
            let asking = action.changes.filter { takesAway($0, action.kind, known) }
            guard !asking.isEmpty else { return [action] }
            let rest = action.changes.filter { !asking.contains($0) }
            let first = rest.isEmpty ? [] : [action.with(changes: rest)]
            // Behind all others of the object: two writes to it at a time may be refused.
            let (level, detail) = (action.level + 2, Action.asksFirstDetail)
            return first + [action.with(level: level, detail: detail, changes: asking, asksFirst: true)]
        }
    }

    private static func takesAway(_ change: AttributeChange, _ kind: ObjectKind, _ known: [String: JSONValue]) -> Bool {
        let old = change.old ?? .null
        guard !old.isNull, old.string?.isEmpty != true, old.array?.isEmpty != true else { return false }
        // A group's nickname is the first half of its address, where it has one.
        if kind == .group, change.attribute == "mailNickname" { return known["mailEnabled"] == true }
        guard (kind == .user ? ofUsers : ofGroups).contains(change.attribute) else { return false }
        // A list that only grows takes nothing away.
        guard let before = old.array else { return true }
        return !before.allSatisfy { (change.new.array ?? []).contains($0) }
    }
}
