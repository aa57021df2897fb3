import CausewayJSON

/// Indexes that find objects without a search, and the numbers of objects.
struct DirectoryIndex: Sendable {
    private var byID: [String: EntryIndex] = [:]
    /// Unique values of present objects, folded.
    private var byKey: [UniqueKey: EntryIndex] = [:]
    /// Values that several present objects may share, by their fingerprint.
    private var byText: [Int: EntrySet] = [:]
    /// Every object of a kind, present or not.
    private var byKind: [EntryKind: [EntryIndex]] = [:]
    /// How many present objects of a kind there are.
    private(set) var counts: [EntryKind: Int] = [:]
    /// How many present users have a license, by its id.
    private(set) var licenseCounts: [String: Int] = [:]

    /// Properties by which objects are often found and which need not be unique.
    static let texts: Set<String> = ["displayName", "mail", "mailNickname", "employeeId"]

    func index(ofID id: String) -> EntryIndex? { byID[id.lowercased()] }
    func holder(of key: UniqueKey) -> EntryIndex? { byKey[key] }
    func all(_ kind: EntryKind) -> [EntryIndex] { byKind[kind] ?? [] }

    /// Which present objects may match.
    func indices(_ lookup: EntryLookup) -> [EntryIndex] {
        switch lookup {
        case .id(let id): index(ofID: id).map { [$0] } ?? []
        case .key(let key): holder(of: key).map { [$0] } ?? []
        case .text(let property, let value): byText[Self.fingerprint(property, value)]?.items ?? []
        }
    }

    mutating func add(_ entry: DirectoryEntry, at index: EntryIndex) {
        byID[entry.id] = index
        byKind[entry.kind, default: []].append(index)
        enlist(entry, at: index)
    }

    mutating func forget(id: String) { byID[id] = nil }

    /// Adds an object that is present from now on.
    mutating func enlist(_ entry: DirectoryEntry, at index: EntryIndex) {
        count(entry, 1)
        for key in UniqueKey.keys(of: entry) { byKey[key] = index }
        for text in Self.fingerprints(of: entry) { byText[text, default: EntrySet()].insert(index) }
    }

    /// Removes an object that is no longer present, or is about to change.
    mutating func withdraw(_ entry: DirectoryEntry, at index: EntryIndex) {
        count(entry, -1)
        for key in UniqueKey.keys(of: entry) where byKey[key] == index { byKey[key] = nil }
        for text in Self.fingerprints(of: entry) {
            byText[text]?.remove(index)
            if byText[text]?.isEmpty == true { byText[text] = nil }
        }
    }

    private mutating func count(_ entry: DirectoryEntry, _ step: Int) {
        counts[entry.kind, default: 0] += step
        guard entry.kind == .user else { return }
        for license in entry.properties["assignedLicenses"]?.array ?? [] {
            licenseCounts[license["skuId"]?.string ?? "", default: 0] += step
        }
    }

    private static func fingerprints(of entry: DirectoryEntry) -> [Int] {
        texts.compactMap { name in entry.properties[name]?.string.map { fingerprint(name, $0) } }
    }

    private static func fingerprint(_ property: String, _ value: String) -> Int {
        var hasher = Hasher()
        hasher.combine(property)
        hasher.combine(value.lowercased())
        return hasher.finalize()
    }
}
