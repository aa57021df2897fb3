import CausewayJSON
import CausewayModel
import CausewayStore

/// Finds what a person names.
extension Store {
    /// - Throws: ``UserError`` that says where users are listed.
    func user(called name: String) async throws -> User {
        guard let user = try await read({ try $0.user(named: name) }) else {
            throw UserError("There is no user '\(name)'; see: causeway user list --search …")
        }
        return user
    }

    /// All of them, or an error: a command that changes several objects begins only when it knows each.
    func users(called names: [String]) async throws -> [User] {
        var users: [User] = []
        for name in names { users.append(try await user(called: name)) }
        return users
    }

    /// - Throws: ``UserError`` that says where groups are listed.
    func group(called name: String) async throws -> Group {
        guard let group = try await read({ try $0.group(named: name) }) else {
            throw UserError("There is no group '\(name)'; see: causeway group list --search …")
        }
        return group
    }

    func groups(called names: [String]) async throws -> [Group] {
        var groups: [Group] = []
        for name in names { groups.append(try await group(called: name)) }
        return groups
    }
}

extension [Group] {
    /// Their keys, as the API takes them.
    var keys: JSONValue { JSONValue(map(\.id.text)) }
}
