import CausewayAPI
import CausewayJSON
import HTTPTypes

/// Asks before the members of groups become administrators of Causeway, and says how many people that are: by the group's own setting, or
/// by a group above it.
struct SuperuserQuestion: Sendable {
    let texts: Texts

    /// What the API says of a group's members.
    private struct ReachView: Decodable {
        let newAdministrators: Int
        /// Whether they are administrators.
        let makesAdministrators: Bool
    }

    /// - Returns: nil for a group that is gone; saving says so.
    private func reach(_ group: String, _ api: APIClient) async throws -> ReachView? {
        let answer = await api.send(.get, "/causeway/groups/\(group.urlPathPart)/reach/")
        return [400, 404].contains(answer.status) ? nil : try answer.expected(as: ReachView.self)
    }

    // MARK: The form of a group

    /// - Returns: nil if the group's members are administrators before or do not become so.
    @Sendable func question(_ body: [String: JSONValue], _ id: String?, _ request: PageRequest) async throws
        -> FormQuestion?
    {
        let isSuperuser = body["is_superuser"] == true
        let parent = isSuperuser ? nil : try await parent(of: body, request.api)
        guard isSuperuser || parent != nil else { return nil }
        let present: ReachView? = if let id { try await reach(id, request.api) } else { nil }
        if present?.makesAdministrators == true { return nil }
        let consequence = texts("superusers.consequence", count: present?.newAdministrators ?? 0)
        return FormQuestion(
            title: texts("superusers.question", ["name": body["name"]?.string ?? ""]),
            consequence: parent.map { "\(texts("superusers.parent", ["name": $0])) \(consequence)" } ?? consequence,
            submit: texts("superusers.verb")
        )
    }

    /// The name of an entered parent whose members are administrators.
    private func parent(of body: [String: JSONValue], _ api: APIClient) async throws -> String? {
        for key in (body["parents"]?.array ?? []).compactMap(\.string) {
            guard try await reach(key, api)?.makesAdministrators == true else { continue }
            return try await name(of: key, api)
        }
        return nil
    }

    private func name(of group: String, _ api: APIClient) async throws -> String {
        try await api.get("/core/groups/\(group.urlPathPart)/?include_users=false", as: GroupView.self).name
    }

    // MARK: One user

    /// Asks before a user is added to a group whose members are administrators.
    ///
    /// - Parameters:
    ///   - user: the user's key.
    ///   - page: the page to go back to.
    /// - Returns: nil if there is nothing to ask, or if the question was answered.
    func question(
        adding user: String,
        to group: String,
        from page: Address,
        _ request: PageRequest
    ) async throws -> PageResponse? {
        guard !request.form.isConfirmed,
            let warning = try await warning(adding: .users, [], to: group, request.api)
        else { return nil }
        let added = try await request.api.get("/core/users/\(user.urlPathPart)/", as: UserView.self)
        let title = texts("superusers.user_question", ["name": added.username])
        let confirmation = ConfirmPage(
            question: title,
            consequence: warning,
            submit: texts("superusers.user_verb"),
            cancel: page,
            action: request.address,
            hidden: request.form.confirmed
        )
        return .page(PageContent(confirmation, title: title, place: "groups"))
    }

    // MARK: Many objects

    /// The warning before users or groups are added to a group.
    ///
    /// - Parameter children: the groups that are added, as far as they are named one by one.
    /// - Returns: nil if the group's members are no administrators.
    func warning(adding kind: BulkChanges.Kind, _ children: [String], to group: String, _ api: APIClient) async throws
        -> String?
    {
        guard try await reach(group, api)?.makesAdministrators == true else { return nil }
        var new = 0
        for child in kind == .groups ? children : [] { new += try await reach(child, api)?.newAdministrators ?? 0 }
        let parent = texts("superusers.parent", ["name": try await name(of: group, api)])
        let members = kind == .groups ? texts("superusers.groups", count: new) : texts("superusers.users")
        return "\(parent) \(members) \(texts("superusers.meaning"))"
    }
}
