/// A value by which the directory finds objects without a search.
enum EntryLookup: Sendable, Equatable {
    case id(String)
    case key(UniqueKey)
    /// One of ``DirectoryIndex/texts``.
    case text(property: String, value: String)
}
