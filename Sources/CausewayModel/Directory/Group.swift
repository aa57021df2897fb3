package import CausewayJSON
import Foundation

/// The part of a group that people and imports may change.
package struct GroupProfile: Hashable, Sendable {
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

    /// Checks the rules of authentik's group model.
    ///
    /// - Throws: ``ValidationError`` with every field that breaks one.
    package func validate() throws(ValidationError) {
        var error = ValidationError()
        error.require(!name.isEmpty, "name", "This field may not be blank.")
        error.require(!name.unicodeScalars.contains("\0"), "name", "Null characters are not allowed.")
        try error.throwIfAny()
    }
}

extension GroupProfile {
    package static let fields: [Field<GroupProfile>] = [
        .text("name", \.name), .flag("is_superuser", \.isSuperuser), .attributes("attributes", \.attributes),
    ]
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
