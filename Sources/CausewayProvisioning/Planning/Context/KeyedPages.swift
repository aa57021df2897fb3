/// The pages of objects in the order of their keys: of all objects, each page after the last key of the one before, or of those with some
/// keys, of which each page gets as many as it holds.
struct KeyedPages<Key: Hashable & Comparable & Sendable>: Sendable {
    private let size: Int
    /// The keys that are left; nil for all objects.
    private var rest: ArraySlice<Key>?
    private var last: Key?

    /// - Parameters:
    ///   - keys: only these; nil for all.
    ///   - size: how many objects a page holds.
    init(among keys: (some Sequence<Key>)?, size: Int) {
        rest = keys.map { $0.sorted()[...] }
        self.size = size
    }

    /// The next page that is not empty; nil after the last.
    ///
    /// - Parameter read: reads a page of objects: those with some keys, or of all, those after a key.
    mutating func next<Element>(
        by key: (Element) -> Key,
        _ read: (Set<Key>?, Key?) async throws -> [Element]
    ) async throws -> [Element]? {
        guard rest != nil else {
            let page = try await read(nil, last)
            last = page.last.map(key)
            return page.isEmpty ? nil : page
        }
        // Some of them may be out of scope.
        while let some = rest?.prefix(size), !some.isEmpty {
            rest = rest?.dropFirst(some.count)
            let page = try await read(Set(some), nil)
            if !page.isEmpty { return page }
        }
        return nil
    }
}
