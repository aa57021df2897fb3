import CausewayGraphTypes
import CausewayJSON
import CausewayModel

/// Whether two values of a property mean the same to Entra, by Graph's type of the property. Pure.
///
/// Moments and numbers are compared as such. Letter case counts unless the property is one that Entra compares without case
/// (`caseless` in the type data, with its source). Lists have no order; of an object only the desired members count.
struct ValueEquality: Sendable {
    private let types: GraphTypes
    private let own: [String: GraphProperty]

    init(kind: ObjectKind, types: GraphTypes) {
        self.types = types
        own = kind == .user ? types.user.properties : types.group.properties
    }

    /// Whether a desired value equals the one in Entra: an absent value equals null, and null equals an empty list.
    ///
    /// - Parameter attribute: the property's name at Graph; a name that Graph's types do not have is a directory extension.
    func isSame(_ wanted: JSONValue, _ present: JSONValue?, of attribute: String) -> Bool {
        let present = present ?? .null
        // It is nearly always equal.
        return wanted == present || isSame(wanted, present, own[attribute])
    }

    /// Whether two values that Entra held, one after the other, mean the same.
    func meansSame(_ one: JSONValue, _ other: JSONValue, of attribute: String) -> Bool {
        isSame(one, other, of: attribute) && isSame(other, one, of: attribute)
    }

    private func isSame(_ wanted: JSONValue, _ present: JSONValue, _ property: GraphProperty?) -> Bool {
        if wanted == present { return true }
        return switch (wanted, present) {
        case (.null, .array(let values)), (.array(let values), .null): values.isEmpty
        case (.array(let wanted), .array(let present)): isSame(list: wanted, present, property)
        case (.object(let wanted), .object(let present)): isSame(object: wanted, present, property)
        case (.object(let wanted), .null): isSame(object: wanted, [:], property)
        case (.string(let wanted), .string(let present)): isSame(text: wanted, present, property)
        case (.bool(let flag), let other), (let other, .bool(let flag)): other.flag == flag
        case (let wanted, let present): wanted.double != nil && wanted.double == present.double
        }
    }

    private func isSame(list wanted: [JSONValue], _ present: [JSONValue], _ property: GraphProperty?) -> Bool {
        guard wanted.count == present.count else { return false }
        var rest = present
        for value in wanted {
            guard let index = rest.firstIndex(where: { isSame(value, $0, property) }) else { return false }
            rest.remove(at: index)
        }
        return true
    }

    private func isSame(
        object wanted: [String: JSONValue],
        _ present: [String: JSONValue],
        _ property: GraphProperty?
    ) -> Bool {
        let members = property.flatMap { types.types[$0.type]?.properties }
        return wanted.allSatisfy { isSame($0.value, present[$0.key] ?? .null, members?[$0.key]) }
    }

    private func isSame(text wanted: String, _ present: String, _ property: GraphProperty?) -> Bool {
        guard let property else { return isSameMoment(wanted, present, needsTime: true) }
        switch property.type {
        case "Edm.DateTimeOffset", "Edm.Date": return isSameMoment(wanted, present, needsTime: false)
        case "Edm.Guid": return wanted.lowercased() == present.lowercased()
        default: return property.isCaseless && wanted.lowercased() == present.lowercased()
        }
    }

    /// A directory extension may hold moments; a text of it that only looks like a date is a text.
    private func isSameMoment(_ wanted: String, _ present: String, needsTime: Bool) -> Bool {
        guard !needsTime || (wanted.contains("T") && present.contains("T")), let wanted = EdmMoment(wanted),
            let present = EdmMoment(present)
        else { return false }
        return wanted == present
    }
}

extension JSONValue {
    /// The truth value of a boolean, or of a number that stands for one.
    fileprivate var flag: Bool? {
        if let bool { return bool }
        return switch double {
        case 0: false
        case 1: true
        default: nil
        }
    }
}
