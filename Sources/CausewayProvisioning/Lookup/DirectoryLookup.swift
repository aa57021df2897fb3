package import CausewayJSON
import CausewayMapping
package import CausewayModel
package import CausewayStore
import Foundation

/// Answers what mappings ask about the directory, from the store.
package struct DirectoryLookup: DirectoryQueries {
    private let store: Store
    private let attributes: AttributeIndex

    package init(store: Store) {
        self.store = store
        attributes = AttributeIndex(store: store)
    }

    package func users(after last: UserID?) async throws -> [User] {
        try await store.read { try $0.users(after: last, limit: DirectoryQuery.page) }
    }

    package func users(with value: JSONValue, at path: [String], after last: UserID?) async throws -> [User] {
        if path.count > 1 {
            let keys = try await attributes.users(with: value, at: Array(path.dropFirst()))
            let page = keys.lazy.filter { $0.rawValue > (last?.rawValue ?? 0) }.prefix(DirectoryQuery.page)
            return try await store.read { [page = Array(page)] in try page.compactMap($0.user) }
        }
        return try await store.read { transaction in
            switch (path.first, value) {
            case ("pk", .integer(let key)), ("id", .integer(let key)):
                return [try transaction.user(UserID(key))].compactMap { $0 }
            case ("pk", .string(let key)), ("id", .string(let key)):
                return [try Int64(key).flatMap { try transaction.user(UserID($0)) }].compactMap { $0 }
            case ("username", .string(let name)): return [try transaction.user(named: name)].compactMap { $0 }
            case ("uuid", .string(let text)):
                return [try UUID(uuidString: text).flatMap { try transaction.user(uuid: $0) }].compactMap { $0 }
            case ("email", .string(let address)):
                return try transaction.users(withEmail: address, after: last, limit: DirectoryQuery.page)
            // No user has a value of another type.
            default: return []
            }
        }
    }

    package func groups(after last: GroupID?) async throws -> [Group] {
        try await store.read { try $0.groups(after: last, limit: DirectoryQuery.page) }
    }

    package func groups(with value: JSONValue, at field: String) async throws -> [Group] {
        guard let text = value.string else { return [] }
        return try await store.read { transaction in
            let found =
                field == "name"
                ? try transaction.group(named: text) : try GroupID(text: text).flatMap { try transaction.group($0) }
            return [found].compactMap { $0 }
        }
    }

    package func groups(of user: UserID) async throws -> (direct: [Group], all: [Group]) {
        try await store.read { transaction in
            let direct = try transaction.groups(of: user)
            let above = try direct.flatMap { try transaction.ancestors(of: $0) }
            let all = try transaction.groups(Array(Set(direct + above))).sorted { $0.name < $1.name }
            return (all.filter { direct.contains($0.id) }, all)
        }
    }

    package func members(of group: GroupID, after last: UserID?) async throws -> [User] {
        try await store.read { try $0.users(in: group, after: last, limit: DirectoryQuery.page) }
    }

    package func parents(of group: GroupID) async throws -> [Group] {
        try await store.read { try $0.groups($0.parents(of: group)) }
    }

    package func children(of group: GroupID) async throws -> [Group] {
        try await store.read { try $0.groups($0.children(of: group)) }
    }

    package func isMember(_ user: UserID, of group: GroupID) async throws -> Bool {
        try await store.read { try $0.isMember(user, ofOrBelow: group) }
    }

    package func user(_ id: UserID) async throws -> User? { try await store.read { try $0.user(id) } }
}
