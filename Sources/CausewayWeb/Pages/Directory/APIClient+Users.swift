import CausewayAPI

extension APIClient {
    /// The key of the user with this user name; nil if there is none.
    func user(named name: String) async throws -> Int64? {
        guard !name.isEmpty else { return nil }
        let list = "/core/users/?include_groups=false".adding([("username", name)])
        return try await rows(list, as: UserView.self).first?.pk
    }

    /// The first users that a text finds.
    func users(found text: String) async throws -> [UserView] {
        guard !text.isEmpty else { return [] }
        let list = "/core/users/?include_groups=false&page_size=8&ordering=username".adding([("search", text)])
        return try await rows(list, as: UserView.self)
    }

    /// The key of the group with this name; nil if there is none.
    func group(named name: String) async throws -> String? {
        guard !name.isEmpty else { return nil }
        let list = "/core/groups/?include_users=false".adding([("name", name)])
        return try await rows(list, as: GroupView.self).first?.pk
    }
}
