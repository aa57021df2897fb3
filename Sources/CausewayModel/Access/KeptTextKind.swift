/// What texts are kept for, how long, and how many: the oldest give way to new ones.
package struct KeptTextKind: Sendable {
    package let name: String
    /// The most texts, and their most bytes together. The latest one is kept in any case.
    package let most: Int
    package let mostBytes: Int
    package let lifetime: Duration

    package init(name: String, most: Int, mostBytes: Int, lifetime: Duration) {
        (self.name, self.most, self.mostBytes, self.lifetime) = (name, most, mostBytes, lifetime)
    }
}
