import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayStore

extension Refusal {
    /// The fingerprint of all that decides whether a property may be written, circumstances of the provider aside.
    ///
    /// - Parameters:
    ///   - change: what is wanted, and what Entra holds.
    ///   - known: what the object is known to be.
    static func fingerprint(_ change: AttributeChange, of known: [String: JSONValue]) -> String {
        Fingerprint.text(of: [change.new, change.old ?? .null, .object(nature(known))])
    }

    /// The same of a member, or of all members.
    static func fingerprint(ofMembers known: [String: JSONValue]) -> String {
        Fingerprint.text(of: .object(nature(known)))
    }

    private static let natures: Set<String> = [
        "onPremisesSyncEnabled", "groupTypes", "mailEnabled", "isAssignableToRole",
    ]

    /// What of an object decides who may write it.
    private static func nature(_ known: [String: JSONValue]) -> [String: JSONValue] {
        known.filter { natures.contains($0.key) }
    }

    /// The part that stands for all members of a group.
    static let members = Part.attribute("members")
}

extension GraphFailure {
    /// Whether Graph is in order and refuses what the request holds, so that a part of it may be taken all the same.
    var refusesContent: Bool {
        switch kind {
        case .invalidValue, .permissionMissing, .refused, .alreadyExists: true
        default: false
        }
    }

    /// Whether it would be refused again as long as nothing on our side has changed. A value that another object has may be given
    /// free at any time.
    var lasts: Bool {
        if case .alreadyExists = kind { return false }
        return refusesContent
    }
}
