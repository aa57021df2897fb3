import CausewayJSON
import Foundation

/// The two kinds of object that the tenant keeps.
enum EntryKind: String, Sendable {
    case user, group

    var typeName: String { "microsoft.graph.\(rawValue)" }
    /// As Graph's error messages call it.
    var resourceName: String { self == .user ? "User" : "Group" }
    var collection: String { rawValue + "s" }
}

/// A place in the tenant's table of entries.
typealias EntryIndex = Int32

/// A user or group of the tenant.
struct DirectoryEntry: Sendable {
    let id: String
    let kind: EntryKind
    /// By Graph's names; nothing absent is stored.
    var properties: [String: JSONValue]
    /// When it was put into the recycle bin; nil while it is alive.
    var deletedAt: Date?
}

/// The links of one entry to others, in the order in which they were made: constant time for adding, removing and asking.
struct LinkSet: Sendable {
    private(set) var items: [EntryIndex] = []
    private var places: [EntryIndex: Int32] = [:]

    var count: Int { items.count }

    func contains(_ item: EntryIndex) -> Bool { places[item] != nil }

    mutating func insert(_ item: EntryIndex) {
        guard places[item] == nil else { return }
        places[item] = Int32(items.count)
        items.append(item)
    }

    mutating func remove(_ item: EntryIndex) {
        guard let place = places.removeValue(forKey: item) else { return }
        let last = items.removeLast()
        guard last != item else { return }
        items[Int(place)] = last
        places[last] = place
    }
}
