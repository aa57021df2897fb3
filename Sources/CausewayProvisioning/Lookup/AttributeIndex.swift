import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore

/// Finds users by an attribute. The first query about an attribute reads all users once; later ones read only those that changed
/// according to the journal.
actor AttributeIndex {
    private let store: Store
    private var columns: [[String]: Column] = [:]
    /// The end of the journal when the columns were last updated.
    private var stamp: Int64 = 0

    private static let page = 1000
    /// Above this many changes it is faster to read all users again.
    private static let mostChanges = 2000
    private static let mostColumns = 8

    init(store: Store) { self.store = store }

    /// The keys of users whose attribute has a value, in order.
    ///
    /// - Parameter path: from the outermost name of the attributes inwards.
    /// - Throws: ``QueryError`` if mappings ask for more attributes than can be kept.
    func users(with value: JSONValue, at path: [String]) async throws -> [UserID] {
        try await refresh()
        if columns[path] == nil {
            guard columns.count < Self.mostColumns else {
                throw QueryError("mappings look users up by more than \(Self.mostColumns) different attributes")
            }
            columns[path] = try await fill(path)
        }
        return columns[path]?.users(with: value) ?? []
    }

    /// The values of one attribute.
    private struct Column {
        private var users: [JSONValue: Set<UserID>] = [:]
        private var values: [UserID: JSONValue] = [:]

        mutating func set(_ value: JSONValue?, of user: UserID) {
            if let old = values.removeValue(forKey: user) { users[old]?.remove(user) }
            guard let value = value.map(Self.key), value.isScalar else { return }
            values[user] = value
            users[value, default: []].insert(user)
        }

        func users(with value: JSONValue) -> [UserID] {
            (users[Self.key(value)] ?? []).sorted { $0.rawValue < $1.rawValue }
        }

        /// Python treats 1.0 and 1 as equal.
        private static func key(_ value: JSONValue) -> JSONValue {
            guard case .number(let number) = value, let whole = Int64(exactly: number) else { return value }
            return .integer(whole)
        }
    }

    private func fill(_ path: [String]) async throws -> Column {
        var column = Column()
        for try await page in store.pages(by: \.id, { try $0.users(after: $1, limit: Self.page) }) {
            for user in page { column.set(user.attributes.value(at: path), of: user.id) }
        }
        return column
    }

    private func refresh() async throws {
        let stamp = stamp
        let (end, changed) = try await store.read { transaction in
            let end = try transaction.journalEnd()
            return (end, end == stamp ? [] : try Self.changes(since: stamp, transaction))
        }
        self.stamp = end
        guard let changed else { return columns = [:] }
        for (id, attributes) in changed {
            for path in columns.keys { columns[path]?.set(attributes?.value(at: path), of: id) }
        }
    }

    /// Users that changed, with their attributes; nil if the journal does not list all of them.
    private static func changes(since stamp: Int64, _ transaction: Transaction) throws
        -> [(UserID, [String: JSONValue]?)]?
    {
        let entries = try transaction.journal(after: stamp, limit: mostChanges + 1)
        // Entries that every provider has processed are deleted from the journal; then numbers are missing.
        guard entries.count <= mostChanges, entries.first?.sequence == stamp + 1 else { return nil }
        return try Set(entries.compactMap(\.object.user)).map { ($0, try transaction.user($0)?.attributes) }
    }
}

extension JSONValue {
    /// Whether it is a single value: lists and objects are not searched.
    fileprivate var isScalar: Bool {
        switch self {
        case .string, .integer, .number, .bool: true
        case .null, .array, .object: false
        }
    }
}

extension [String: JSONValue] {
    fileprivate func value(at path: [String]) -> JSONValue? {
        path.reduce(JSONValue?.some(.object(self))) { value, name in value?[name] }
    }
}
