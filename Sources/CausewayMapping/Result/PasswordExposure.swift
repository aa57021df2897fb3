import CausewayGraphTypes
import CausewayJSON

/// Finds initial passwords that a mapping puts where others can read them: anywhere except in a password profile.
struct PasswordExposure {
    private let passwords: [String]

    /// - Parameter passwords: those that the evaluation received.
    init(_ passwords: [String]) { self.passwords = passwords.filter { !$0.isEmpty } }

    /// The first property of a result that contains one of the passwords.
    func find(_ values: [JSONValue], _ shape: ResultShape) -> (fault: PropertyFault, mapping: String)? {
        guard !passwords.isEmpty else { return nil }
        for (place, value) in zip(shape.places, values) {
            if isExposed(place.name) { return (fault("The name of a property"), place.mapping) }
            guard isExposed(place.elsewhere(in: value)) else { continue }
            return (fault("'\(place.graphName)'", attribute: place.graphName), place.mapping)
        }
        return nil
    }

    private func isExposed(_ value: JSONValue) -> Bool {
        switch value {
        case .string(let text): isExposed(text)
        case .array(let values): values.contains(where: isExposed)
        case .object(let members): members.contains { isExposed($0.key) || isExposed($0.value) }
        default: false
        }
    }

    private func isExposed(_ text: String) -> Bool {
        // Most texts are shorter than a password, and searching is slow.
        passwords.contains { text.utf8.count >= $0.utf8.count && text.contains($0) }
    }

    private func fault(_ place: String, attribute: String = "") -> PropertyFault {
        PropertyFault(
            attribute: attribute,
            message: "\(place) would contain the account's initial password, where others can read it.",
            remedy: "Return the password only in password_profile."
        )
    }
}

extension ResultShape.Place {
    /// The name as Graph spells it, if it is a property.
    fileprivate var graphName: String {
        if case .property(let own) = role { own.property.name } else { name }
    }

    /// The value without what may contain a password.
    fileprivate func elsewhere(in value: JSONValue) -> JSONValue {
        guard graphName == "passwordProfile", case .object(var profile) = value else { return value }
        profile["password"] = nil
        return .object(profile)
    }
}
