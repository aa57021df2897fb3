import Synchronization

/// The results of searches for users, as long as the directory stays as it is, so that turning pages does not repeat
/// the search.
final class UserSearchMemory: Sendable {
    struct Key: Hashable, Sendable {
        var terms: [String]
        var limits: UserSearchLimits
    }

    private struct Content: Sendable {
        /// The number of the journal's last entry when the searches were made.
        var state: Int64 = 0
        var searches: [Key: UserSearch] = [:]
    }

    private static let capacity = 64
    private let content = Mutex(Content())

    /// - Parameter state: the number of the journal's last entry, as the reader sees it.
    func search(_ key: Key, at state: Int64) -> UserSearch? {
        content.withLock { $0.state == state ? $0.searches[key] : nil }
    }

    func remember(_ search: UserSearch, as key: Key, at state: Int64) {
        content.withLock { content in
            if content.state != state || content.searches.count >= Self.capacity {
                content = Content(state: state)
            }
            content.searches[key] = search
        }
    }
}
