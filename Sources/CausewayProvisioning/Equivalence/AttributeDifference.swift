import CausewayGraphTypes
import CausewayJSON
import CausewayModel

/// Compares the desired values of an object with its known values.
///
/// Only attributes that the mappings return are compared; Causeway does not manage the others.
struct AttributeDifference {
    let equality: ValueEquality
    private let rules: GraphResourceRules
    private let types: GraphTypes

    init(kind: ObjectKind, types: GraphTypes) {
        equality = ValueEquality(kind: kind, types: types)
        rules = kind == .user ? types.user : types.group
        self.types = types
    }

    /// The attributes that differ, by name. Attributes that can be given only at creation are never among them.
    func changes(from known: [String: JSONValue], to desired: [String: JSONValue]) -> [AttributeChange] {
        let keepsKind =
            desired["securityEnabled"] != nil
            && leftOut(from: known, to: desired).contains(where: Self.kindOfGroup.contains)
        return desired.keys.sorted().compactMap { name in
            guard isUpdatable(name, known: known), let wanted = desired[name] else { return nil }
            // It belongs to the kind that the group does not get.
            if keepsKind, name == "securityEnabled" { return nil }
            let present = known[name]
            if name == "identities" { return identityChange(from: present, to: wanted) }
            guard !equality.isSame(wanted, present, of: name) else { return nil }
            return AttributeChange(attribute: name, old: present, new: completed(wanted, of: name, by: present))
        }
    }

    /// The attributes that differ, or may differ, and that an existing object cannot get; except passwords, which are never compared.
    func leftOut(from known: [String: JSONValue], to desired: [String: JSONValue]) -> [String] {
        desired.keys.sorted().filter { name in
            name != "passwordProfile" && !isUpdatable(name, known: known)
                && !equality.isSame(desired[name] ?? .null, known[name], of: name)
        }
    }

    /// The type of a group (security, Microsoft 365, other) can be set only at creation (Graph, update group).
    private static let kindOfGroup: Set<String> = ["groupTypes", "mailEnabled"]

    /// A password is given to a new account and never touched again; a write-once value stays as it is.
    private func isUpdatable(_ name: String, known: [String: JSONValue]) -> Bool {
        if name == "passwordProfile" || rules.settableOnlyOnCreate.contains(name) || Self.kindOfGroup.contains(name) {
            return false
        }
        return !rules.writeOnce.contains(name) || (known[name] ?? .null).isNull
    }

    /// A write of a complex value may replace it whole; members that no mapping returns are sent too, so that they stay
    /// (Graph, employeeOrgData).
    private func completed(_ wanted: JSONValue, of name: String, by present: JSONValue?) -> JSONValue {
        guard let property = rules.properties[name], !property.isCollection, let members = wanted.object,
            let known = present?.object, let type = types.types[property.type], !type.isMergedByService
        else { return wanted }
        let others = known.filter { type.properties[$0.key]?.isReadOnly == false && !$0.value.isNull }
        return .object(others.merging(members) { $1 })
    }

    /// A PATCH replaces the whole list and must keep the entry that mirrors the user principal name (Graph, user: identities).
    private func identityChange(from known: JSONValue?, to desired: JSONValue) -> AttributeChange? {
        let present = known?.array ?? []
        let wanted = desired.array ?? []
        let isThere = wanted.allSatisfy { one in present.contains { equality.isSame([one], [$0], of: "identities") } }
        guard !isThere else { return nil }
        let mirrored = present.filter { $0["signInType"]?.string == "userPrincipalName" }
        let named = wanted.contains { $0["signInType"]?.string == "userPrincipalName" }
        return AttributeChange(attribute: "identities", old: known, new: .array((named ? [] : mirrored) + wanted))
    }
}
