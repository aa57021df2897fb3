import CausewayJSON
import Foundation

/// The kinds of object in the tenant.
enum EntryKind: String, Sendable, CaseIterable {
    case user, group, servicePrincipal

    /// The kind whose type has that name, without its namespace and in any letter case.
    static func named(_ name: String) -> EntryKind? { allCases.first { $0.rawValue.lowercased() == name.lowercased() } }

    var typeName: String { "microsoft.graph.\(rawValue)" }
    /// Its name in Graph's error messages.
    var resourceName: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
    var collection: String { rawValue + "s" }
}

/// A place in the tenant's table of entries.
typealias EntryIndex = Int32

/// An object of the tenant.
struct DirectoryEntry: Sendable {
    let id: String
    let kind: EntryKind
    /// By Graph's names; absent values are not stored.
    var properties: [String: JSONValue]
    /// When it was moved to the recycle bin; nil while it is present.
    var deletedAt: Date?
    /// Purged; only its id is left.
    var isPurged = false
}

/// How one object is linked to another.
enum Relation: UInt8, Sendable, CaseIterable {
    case members, owners, manager

    var name: String {
        switch self {
        case .members: "members"
        case .owners: "owners"
        case .manager: "manager"
        }
    }
}
