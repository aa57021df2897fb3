import CausewayGraphTypes
import CausewayJSON
import CausewayModel

/// Compares what an object should be with what it is known to be.
///
/// Only attributes that the mappings name are looked at; whatever else Entra holds is none of our business.
struct AttributeDifference {
    let rules: GraphResourceRules

    /// The attributes that differ, by name. Those that can be given at creation only are never among them.
    func changes(from known: [String: JSONValue], to desired: [String: JSONValue]) -> [AttributeChange] {
        desired.keys.sorted().compactMap { name in
            guard isUpdatable(name, known: known), let wanted = desired[name] else { return nil }
            let present = known[name]
            if name == "identities" { return identityChange(from: present, to: wanted) }
            guard !Self.isSame(wanted, present, ignoringCase: Self.caseless.contains(name)) else { return nil }
            return AttributeChange(attribute: name, old: present, new: wanted)
        }
    }

    /// The attributes that differ, or may differ, and cannot be given to an object that exists; passwords aside, which are never compared.
    func leftOut(from known: [String: JSONValue], to desired: [String: JSONValue]) -> [String] {
        desired.keys.sorted().filter { name in
            name != "passwordProfile" && !isUpdatable(name, known: known)
                && !Self.isSame(desired[name] ?? .null, known[name], ignoringCase: Self.caseless.contains(name))
        }
    }

    /// A password is given to a new account and never touched again; a write-once value stays as it is.
    private func isUpdatable(_ name: String, known: [String: JSONValue]) -> Bool {
        if name == "passwordProfile" || rules.settableOnlyOnCreate.contains(name) { return false }
        return !rules.writeOnce.contains(name) || (known[name] ?? .null).isNull
    }

    /// A PATCH replaces the whole list and must keep the entry that mirrors the user principal name (Graph, user: identities).
    private func identityChange(from known: JSONValue?, to desired: JSONValue) -> AttributeChange? {
        let present = known?.array ?? []
        let wanted = desired.array ?? []
        let isThere = wanted.allSatisfy { one in present.contains { Self.isSame(one, $0, ignoringCase: true) } }
        guard !isThere else { return nil }
        let mirrored = present.filter { $0["signInType"]?.string == "userPrincipalName" }
        let named = wanted.contains { $0["signInType"]?.string == "userPrincipalName" }
        return AttributeChange(attribute: "identities", old: known, new: .array((named ? [] : mirrored) + wanted))
    }

    /// Graph keeps or changes the letter case of these as it likes and compares them without it.
    private static let caseless: Set<String> = ["userPrincipalName", "mail", "userType", "usageLocation"]

    /// Whether a wanted value is what Entra holds: an absent value is null, a null value an empty list; lists have no order;
    /// of an object only the wanted members count.
    static func isSame(_ wanted: JSONValue, _ present: JSONValue?, ignoringCase: Bool) -> Bool {
        switch (wanted, present ?? .null) {
        case (.null, .array(let values)): values.isEmpty
        case (.array(let values), .null): values.isEmpty
        case (.string(let one), .string(let other)) where ignoringCase: one.lowercased() == other.lowercased()
        case (.array(let wanted), .array(let present)):
            wanted.count == present.count
                && wanted.allSatisfy { one in present.contains { isSame(one, $0, ignoringCase: ignoringCase) } }
        case (.object(let wanted), .object(let present)):
            wanted.allSatisfy { isSame($0.value, present[$0.key], ignoringCase: ignoringCase) }
        case (.integer(let one), .number(let other)), (.number(let other), .integer(let one)): Double(one) == other
        case (let one, let other): one == other
        }
    }
}
