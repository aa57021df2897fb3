package import CausewayJSON
import Foundation

/// The part of a group that people and imports may change.
package struct GroupProfile: FieldRecord {
    /// Unique in the directory.
    package var name: String
    package var isSuperuser: Bool
    package var attributes: [String: JSONValue]

    package init(name: String, isSuperuser: Bool = false, attributes: [String: JSONValue] = [:]) {
        self.name = name
        self.isSuperuser = isSuperuser
        self.attributes = attributes
    }

    /// Without blanks around the name, as authentik stores it.
    package var trimmed: GroupProfile {
        var profile = self
        profile.name = name.trimmed
        return profile
    }
}

extension GroupProfile {
    /// The fields of a group, in the order of the form. The rules are those of authentik's model.
    package static let fields: [Field<GroupProfile>] = [
        .text(
            "name",
            \.name,
            isRequired: true,
            violation: { $0.unicodeScalars.contains("\0") ? "Null characters are not allowed." : nil }
        ).form(""),
        .flag("is_superuser", \.isSuperuser)
            .form("")
            .option(.profile, name: "superuser", "Whether its members are administrators of Causeway."),
        .attributes("attributes", \.attributes)
            .form("")
            .option(.profile, name: "attribute", CommandOption.attributeHelp),
    ]

    package static let blank = GroupProfile(name: "")
}

/// A group of the directory. It may have several parents; its members are users and, through them, child groups.
@dynamicMemberLookup
package struct Group: Hashable, Sendable {
    package let id: GroupID
    package var profile: GroupProfile

    package init(id: GroupID, profile: GroupProfile) {
        self.id = id
        self.profile = profile
    }

    package subscript<Value>(dynamicMember path: KeyPath<GroupProfile, Value>) -> Value { profile[keyPath: path] }

    /// authentik's numeric alternative to the key: the first five decimal digits of the UUID read as an integer.
    package var numericKey: Int64 {
        let bytes = withUnsafeBytes(of: id.rawValue.uuid) { Array($0) }
        let high = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let low = bytes.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let digits = String(UInt128(high) << 64 | UInt128(low)).prefix(5)
        return Int64(digits) ?? 0
    }
}
