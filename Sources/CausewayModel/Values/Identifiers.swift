package import Foundation

/// An identifier of one kind of thing, so that a group's cannot be passed for a user's.
package struct Identifier<Thing, Raw: Hashable & Sendable>: Hashable, Sendable {
    /// The value as the database and the API store it.
    package let rawValue: Raw

    package init(_ rawValue: Raw) { self.rawValue = rawValue }
}

/// Keys have an order, so that many are worked through page by page.
extension Identifier: Comparable where Raw: Comparable {
    package static func < (one: Identifier, other: Identifier) -> Bool { one.rawValue < other.rawValue }
}

/// The key of a user: an integer, as in authentik's API.
package typealias UserID = Identifier<User, Int64>
/// The key of a group.
package typealias GroupID = Identifier<Group, UUID>
/// The key of an application.
package typealias ApplicationID = Identifier<Application, UUID>
/// The key of a provider: an integer, as in authentik's API.
package typealias ProviderID = Identifier<EntraProvider, Int64>
/// The key of a property mapping.
package typealias MappingID = Identifier<PropertyMapping, UUID>
/// The key of a link.
package typealias LinkID = Identifier<ObjectLink, UUID>
/// The key of a run.
package typealias RunID = Identifier<Run, UUID>
/// The id that Microsoft Graph gave an object.
package typealias EntraObjectID = Identifier<ObjectLink, String>

extension Identifier where Raw == UUID {
    /// A new random identifier.
    package static func random() -> Self { Self(UUID()) }

    /// The identifier in the text form used everywhere outside: lower case, with hyphens.
    package var text: String { rawValue.uuidString.lowercased() }

    /// Reads the text form.
    package init?(text: String) {
        guard let value = UUID(uuidString: text) else { return nil }
        self.init(value)
    }
}

extension Identifier: CustomStringConvertible {
    package var description: String {
        (rawValue as? UUID).map { $0.uuidString.lowercased() } ?? "\(rawValue)"
    }
}

/// The two kinds of object that are provisioned.
package enum ObjectKind: String, Sendable, CaseIterable {
    case user, group
}

/// A user or a group of the directory, by kind and key: used by the journal, actions and events.
package struct ObjectReference: Hashable, Sendable {
    package let kind: ObjectKind
    /// The key in text form: a user's integer or a group's UUID.
    package let id: String

    package init(_ user: UserID) {
        kind = .user
        id = String(user.rawValue)
    }

    package init(_ group: GroupID) {
        kind = .group
        id = group.text
    }

    /// Reads a stored reference; nil if the text is not a key of that kind.
    package init?(kind: ObjectKind, id: String) {
        switch kind {
        case .user:
            guard let key = Int64(id) else { return nil }
            self.init(UserID(key))
        case .group:
            guard let key = GroupID(text: id) else { return nil }
            self.init(key)
        }
    }

    /// The user's key, or nil for a group.
    package var user: UserID? { kind == .user ? Int64(id).map(UserID.init) : nil }
    /// The group's key, or nil for a user.
    package var group: GroupID? { kind == .group ? GroupID(text: id) : nil }
}
