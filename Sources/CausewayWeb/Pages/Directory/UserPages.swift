import CausewayAPI
import CausewayJSON
import CausewayModel
import HTTPTypes

/// Users: their list and forms, and the state of a user in Entra.
struct UserPages: Sendable {
    let texts: Texts

    private static let list = ListDefinition<UserView>(
        key: "users",
        address: .users,
        source: "/core/users/?include_groups=false",
        columns: [
            .init("username", .name { $0.username }, ordering: "username"),
            .init("name", .text { $0.name }, ordering: "name"), .init("email", .text { $0.email }, ordering: "email"),
            .init("type", .word({ $0.type }, catalog: "forms.user.types"), ordering: "type"),
            .init("active", .flag { $0.isActive }, ordering: "is_active"),
            .init("last_updated", .time { $0.lastUpdated }, ordering: "last_updated"),
        ],
        filters: [
            .init(name: "is_active", values: ["true", "false"]),
            .init(name: "type", values: UserType.words),
        ],
        ways: [("import", ImportPage.address), ("service_account", UserAccess.creation)],
        bulk: BulkChanges.Kind.users.actions,
        export: "/causeway/export/users/"
    )

    static let form = FormDefinition(key: "user", groups: [FormGroup("", of: UserProfile.self)])

    var routes: [PageRoute] {
        let list = ListView(definition: Self.list, texts: texts)
        let forms = FormPages(
            definition: Self.form,
            place: "users",
            address: .users,
            collection: "/core/users/",
            texts: texts
        )
        let one = Address.user("{id}")
        return [
            PageRoute(.get, .users) { try await list.page($0) },
            PageRoute(.get, one) { try await show($0) },
            PageRoute(.post, one.sync) { try await ObjectPage(texts: texts, kind: .user).sync($0) },
            PageRoute(.post, one("groups")("add")) { try await change($0, "add_user") },
            PageRoute(.post, one("groups")("remove")) { try await change($0, "remove_user") },
        ] + ImportPage(texts: texts).routes + forms.routes
            + BulkChanges(texts: texts, kind: .users).routes
            + UserAccess(texts: texts).routes + UserBlocking(texts: texts).routes
    }

    private func show(_ request: PageRequest, problem: String? = nil) async throws -> PageResponse {
        let id = request.value("id")
        let user = try await request.api.get("/core/users/\(id.urlPathPart)/", as: UserView.self)
        let groups = (user.groupsObj ?? []).map { group in
            UserPage.Membership(
                name: group.name,
                address: .group(group.pk),
                remove: texts("user.remove_group", ["name": group.name])
            )
        }
        let page = UserPage(
            userObject: .init(name: user.name, email: user.email, uid: user.uid),
            groups: groups,
            hasGroups: !groups.isEmpty,
            base: .user(id),
            type: texts("forms.user.types.\(user.type)"),
            active: texts(user.isActive ? "yes" : "no"),
            isBlocked: !user.isActive,
            updated: ShownTime(user.lastUpdated),
            attributes: user.attributes.prettyText,
            problem: problem,
            group: request.form["group"] ?? "",
            groupNames: .groups,
            access: try await UserAccess(texts: texts).model(user, request),
            inEntra: try await ObjectPage(texts: texts, kind: .user).model(of: id, request)
        )
        let trail = [PageLink(title: texts("places.users"), address: .users)]
        let content = PageContent(page, title: user.username, place: "users", trail: trail)
        return .page(content, status: problem == nil ? 200 : 422)
    }

    /// Adds the user to a group, or removes the user from it, by the group's name.
    private func change(_ request: PageRequest, _ operation: String) async throws -> PageResponse {
        let name = FormReading.trimmed(request.form["group"] ?? "")
        guard let group = try await request.api.group(named: name) else {
            return try await show(request, problem: texts("forms.no_such_object", ["name": name]))
        }
        let id = request.value("id")
        if operation == "add_user",
            let question = try await SuperuserQuestion(texts: texts)
                .question(adding: id, to: group, from: .user(id), request)
        {
            return question
        }
        let user: JSONValue = ["pk": .integer(Int64(id) ?? 0)]
        let answer = await request.api.send(.post, "/core/groups/\(group.urlPathPart)/\(operation)/", user)
        _ = try answer.expected()
        return .redirect(to: .user(id), done: "\(operation)_to_group")
    }
}

/// The template `user`.
struct UserPage: PageModel {
    static let template = "user"

    let userObject: Profile
    let groups: [Membership]
    let hasGroups: Bool
    let base: Address
    let type: String
    let active: String
    /// Whether the user is inactive, so that sign-in can be allowed again.
    let isBlocked: Bool
    let updated: ShownTime?
    let attributes: String
    let problem: String?
    /// The entered name of a group.
    let group: String
    let groupNames: SuggestionSource
    /// The user's access; nil for users who may not change it.
    let access: UserAccessModel?
    let inEntra: ObjectInEntra

    /// A group that the user is directly in.
    struct Membership: TemplateValue {
        let name: String
        let address: Address
        /// The label of the button that ends it.
        let remove: String
    }

    struct Profile: TemplateValue {
        let name: String
        let email: String
        let uid: String
    }
}
