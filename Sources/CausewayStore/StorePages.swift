/// A long list in pages, each read in a transaction of its own, so that no reader holds the database while its caller works. Ends at the
/// first empty page.
package struct StorePages<Row: Sendable, Key: Sendable>: AsyncSequence, Sendable {
    fileprivate let store: Store
    fileprivate let key: @Sendable (Row) -> Key
    fileprivate let read: @Sendable (Transaction, Key?) throws -> [Row]

    package func makeAsyncIterator() -> Iterator { Iterator(pages: self) }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let pages: StorePages
        private var last: Key?

        fileprivate init(pages: StorePages) { self.pages = pages }

        package mutating func next() async throws -> [Row]? {
            let page = try await pages.store.read { [pages, last] in try pages.read($0, last) }
            guard let end = page.last else { return nil }
            last = pages.key(end)
            return page
        }
    }
}

extension Store {
    /// - Parameters:
    ///   - key: what the next page begins after.
    ///   - read: a page after a key, in the order of the keys; nil for the first page.
    package func pages<Row: Sendable, Key: Sendable>(
        by key: @escaping @Sendable (Row) -> Key,
        _ read: @escaping @Sendable (Transaction, Key?) throws -> [Row]
    ) -> StorePages<Row, Key> {
        StorePages(store: self, key: key, read: read)
    }
}
