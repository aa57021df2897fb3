import CausewayJSON
import Foundation

/// The kinds of object that the tenant keeps.
enum EntryKind: String, Sendable, CaseIterable {
    case user, group, servicePrincipal

    var typeName: String { "microsoft.graph.\(rawValue)" }
    /// As Graph's error messages call it.
    var resourceName: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
    var collection: String { rawValue + "s" }
}

/// A place in the tenant's table of entries.
typealias EntryIndex = Int32

/// An object of the tenant.
struct DirectoryEntry: Sendable {
    let id: String
    let kind: EntryKind
    /// By Graph's names; nothing absent is stored.
    var properties: [String: JSONValue]
    /// When it was put into the recycle bin; nil while it is alive.
    var deletedAt: Date?
    /// Removed for good; only its id is left.
    var isPurged = false
}

/// How one object is tied to another.
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

/// The links of one entry to others, in the order in which they were made: constant time for adding, removing and asking. The
/// places are kept only where there are many, for most objects have few links.
struct LinkSet: Sendable {
    private(set) var items: [EntryIndex] = []
    private var places: [EntryIndex: Int32]?

    private static let searchedUpTo = 32

    var count: Int { items.count }

    func contains(_ item: EntryIndex) -> Bool { place(of: item) != nil }

    private func place(of item: EntryIndex) -> Int? {
        if let places { return places[item].map { Int($0) } }
        return items.firstIndex(of: item)
    }

    mutating func insert(_ item: EntryIndex) {
        guard !contains(item) else { return }
        places?[item] = Int32(items.count)
        items.append(item)
        guard places == nil, items.count > Self.searchedUpTo else { return }
        places = Dictionary(items.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func remove(_ item: EntryIndex) {
        guard let place = place(of: item) else { return }
        places?[item] = nil
        let last = items.removeLast()
        guard last != item else { return }
        items[place] = last
        places?[last] = Int32(place)
    }
}
