import CausewayGraphTypes
import CausewayJSON
import CausewayModel

/// Finds what is certain to be refused before it is sent: values that cannot be cleared, and objects that another system manages. These
/// values are left out, with a note. Pure.
struct Writability {
    private let kind: ObjectKind
    private let rules: GraphResourceRules

    init(kind: ObjectKind, types: GraphTypes) {
        self.kind = kind
        rules = kind == .user ? types.user : types.group
    }

    /// Why a change is left out, in a sentence without values; nil if it may be sent.
    ///
    /// - Parameter known: the known values of the object.
    func blockingReason(to change: AttributeChange, of known: [String: JSONValue]) -> String? {
        let name = change.attribute
        if kind == .group, let master = Self.masterOfGroup(known) { return "\(name) stays as it is: \(master)." }
        if kind == .user, known.isSynced, isMasteredElsewhere(change) {
            return "\(name) stays as it is: the account is synchronized from on-premises, where it must be changed."
        }
        if change.new.isNull, cannotBeCleared(name) { return "\(name) stays as it is: Entra ID cannot clear it." }
        return nil
    }

    /// Why no member of a group can be written; nil if members may be sent.
    static func blockingReasonForMembers(of known: [String: JSONValue]) -> String? {
        if known["groupTypes"]?.array?.contains("DynamicMembership") == true {
            return "Members stay as they are: the group's membership rule determines them."
        }
        return masterOfGroup(known).map { "Members stay as they are: \($0)." }
    }

    private static func masterOfGroup(_ known: [String: JSONValue]) -> String? {
        if known.isSynced { return "the group is synchronized from on-premises, where it must be changed" }
        // Mail-enabled security groups and distribution lists (Graph, "Overview of groups": read-only).
        let isUnified = known["groupTypes"]?.array?.contains("Unified") == true
        return known["mailEnabled"] == true && !isUnified
            ? "the group is managed in Exchange and is read-only in Graph" : nil
    }

    /// Suspending an account is always tried: if Entra refuses it, a user who should be kept out can still sign in, and that must not be
    /// reported as a mere note.
    private func isMasteredElsewhere(_ change: AttributeChange) -> Bool {
        if change.switchesSignIn, change.new == false { return false }
        let isOurs = rules.updatable.contains(change.attribute) || change.attribute == "manager"
        return isOurs && !rules.writableWhenSynced.contains(change.attribute)
    }

    private func cannotBeCleared(_ name: String) -> Bool {
        guard let property = rules.properties[name] else { return false }
        return property.cannotBeCleared || !property.isNullable || rules.notClearable.contains(name)
            || rules.requiredOnCreate.contains(name)
    }
}

extension [String: JSONValue] {
    /// Whether an on-premises directory manages the object.
    fileprivate var isSynced: Bool { self["onPremisesSyncEnabled"] == true }
}
