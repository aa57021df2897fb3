import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayStore

extension Refusal {
    /// The fingerprint of everything that decides whether a property may be written, except circumstances of the provider.
    ///
    /// - Parameters:
    ///   - change: the desired value and the one in Entra.
    ///   - known: the known values of the object.
    static func fingerprint(_ change: AttributeChange, of known: [String: JSONValue]) -> String {
        Fingerprint.text(of: [change.new, change.old ?? .null, .object(nature(known))])
    }

    /// The fingerprint of a member, or of all members.
    static func fingerprint(ofMembers known: [String: JSONValue]) -> String {
        Fingerprint.text(of: .object(nature(known)))
    }

    private static let natures: Set<String> = [
        "onPremisesSyncEnabled", "groupTypes", "mailEnabled", "isAssignableToRole",
    ]

    /// The properties of an object that decide who may write it.
    private static func nature(_ known: [String: JSONValue]) -> [String: JSONValue] {
        known.filter { natures.contains($0.key) }
    }

    /// The part that stands for all members of a group.
    static let members = Part.attribute("members")
}

extension GraphFailure {
    /// Whether Graph works and refuses the content of the request, so that it may still take a part of it.
    var refusesContent: Bool {
        switch kind {
        case .invalidValue, .permissionMissing, .refused, .alreadyExists: true
        default: false
        }
    }

    /// Whether it would be refused again as long as nothing changes in Causeway. A value that another object has may become
    /// free at any time.
    var lasts: Bool {
        if case .alreadyExists = kind { return false }
        return refusesContent
    }
}
