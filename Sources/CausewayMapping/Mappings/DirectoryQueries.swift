package import CausewayJSON
package import CausewayModel

/// Answers what mappings ask of the directory beyond the object that they look at. Read-only.
package protocol DirectoryQueries: Sendable {
    /// Users by their keys, after a key, at most ``DirectoryQuery/page`` of them.
    func users(after last: UserID?) async throws -> [User]
    /// Users whose field has a value: `pk`, `uuid`, `username`, `email`, or a path that begins with `attributes`; by their keys, after
    /// a key, at most ``DirectoryQuery/page`` of them.
    func users(with value: JSONValue, at path: [String], after last: UserID?) async throws -> [User]
    /// Groups by their keys, after a key, at most ``DirectoryQuery/page`` of them.
    func groups(after last: GroupID?) async throws -> [Group]
    /// Groups whose `pk` or `name` has a value.
    func groups(with value: JSONValue, at field: String) async throws -> [Group]
    /// The groups that a user is directly in, and those with all that those are in.
    func groups(of user: UserID) async throws -> (direct: [Group], all: [Group])
    /// The direct members of a group, by their keys, after a key, at most ``DirectoryQuery/page`` of them.
    func members(of group: GroupID, after last: UserID?) async throws -> [User]
    /// The groups that a group is directly in.
    func parents(of group: GroupID) async throws -> [Group]
    /// The groups that are directly in a group.
    func children(of group: GroupID) async throws -> [Group]
    /// Whether a user is in a group, or in one below it.
    func isMember(_ user: UserID, of group: GroupID) async throws -> Bool
    /// One user; nil if there is none.
    func user(_ id: UserID) async throws -> User?
}

/// A directory without anybody in it, for mappings that are evaluated apart from one.
package struct EmptyDirectory: DirectoryQueries {
    package init() {}

    package func users(after last: UserID?) async throws -> [User] { [] }
    package func users(with value: JSONValue, at path: [String], after last: UserID?) async throws -> [User] { [] }
    package func groups(after last: GroupID?) async throws -> [Group] { [] }
    package func groups(with value: JSONValue, at field: String) async throws -> [Group] { [] }
    package func groups(of user: UserID) async throws -> (direct: [Group], all: [Group]) { ([], []) }
    package func members(of group: GroupID, after last: UserID?) async throws -> [User] { [] }
    package func parents(of group: GroupID) async throws -> [Group] { [] }
    package func children(of group: GroupID) async throws -> [Group] { [] }
    package func isMember(_ user: UserID, of group: GroupID) async throws -> Bool { false }
    package func user(_ id: UserID) async throws -> User? { nil }
}
