import CausewayAPI
import CausewayJSON
import CausewayModel
import HTTPTypes

/// Groups: their list, forms and members, and the state of a group in Entra.
struct GroupPages: Sendable {
    let texts: Texts

    private static let list = ListDefinition<GroupView>(
        key: "groups",
        address: .groups,
        source: "/core/groups/?include_users=false",
        columns: [
            .init("name", .name { $0.name }, ordering: "name"),
            .init("superuser", .flag { $0.isSuperuser }, ordering: "is_superuser"),
        ],
        bulk: BulkChanges.Kind.groups.actions,
        export: "/causeway/export/groups/"
    )

    private static let parents = FormField(
        name: "parents",
        kind: .objects(ProviderForm.groups, isMultiple: true),
        isOptional: true
    )

    static let form = FormDefinition(
        key: "group",
        groups: [FormGroup("", of: GroupProfile.self, adding: ["name": parents])]
    )

    private static func members(of group: String) -> ListDefinition<UserView> {
        ListDefinition(
            key: "members",
            address: .users,
            source: "/core/users/?include_groups=false".adding([("groups_by_pk", group)]),
            columns: [
                .init("username", .name { $0.username }, ordering: "username"),
                .init("name", .text { $0.name }, ordering: "name"),
                .init("active", .flag { $0.isActive }, ordering: "is_active"),
            ],
            creation: .nobody
        )
    }

    var routes: [PageRoute] {
        let list = ListView(definition: Self.list, texts: texts)
        let forms = FormPages(
            definition: Self.form,
            place: "groups",
            address: .groups,
            collection: "/core/groups/",
            texts: texts
        )
        let one = Address.group("{id}")
        return [
            PageRoute(.get, .groups) { try await list.page($0) },
            PageRoute(.get, one) { try await show($0) },
            PageRoute(.post, one.sync) { try await sync($0) },
            PageRoute(.post, one("add")) { try await change($0, "add_user") },
            PageRoute(.post, one("remove")) { try await change($0, "remove_user") },
        ] + forms.routes + BulkChanges(texts: texts, kind: .groups).routes
    }

    private func show(_ request: PageRequest, message: String? = nil, problem: String? = nil) async throws
        -> PageResponse
    {
        let id = request.value("id")
        let query = "include_users=false&include_parents=true&include_children=true"
        let group = try await request.api.get("/core/groups/\(id.urlPathPart)/?\(query)", as: GroupView.self)
        let page = GroupPage(
            parents: (group.parentsObj ?? []).map(ShownObject.init(group:)),
            children: (group.childrenObj ?? []).map(ShownObject.init(group:)),
            base: .group(id),
            list: try await ListView(definition: Self.members(of: id), texts: texts).table(request),
            superuser: texts(group.isSuperuser ? "yes" : "no"),
            attributes: group.attributes.prettyText,
            message: message,
            problem: problem,
            person: request.form["person"] ?? "",
            explanations: try await ObjectPage(texts: texts, kind: .group).explanations(of: id, request.api)
        )
        let trail = [PageLink(title: texts("places.groups"), address: .groups)]
        let content = PageContent(page, title: group.name, place: "groups", trail: trail)
        return .page(content, status: problem == nil ? 200 : 422)
    }

    private func sync(_ request: PageRequest) async throws -> PageResponse {
        let said = try await ObjectPage(texts: texts, kind: .group).sync(request.value("id"), request)
        return try await show(request, message: said ?? texts("objects.sync_busy"))
    }

    /// Adds or removes a member, by user name.
    private func change(_ request: PageRequest, _ operation: String) async throws -> PageResponse {
        let name = request.form["person"] ?? ""
        guard let user = try await request.api.user(named: name) else {
            return try await show(request, problem: texts("forms.no_such_object", ["name": name]))
        }
        let path = "/core/groups/\(request.value("id").urlPathPart)/\(operation)/"
        let answer = await request.api.send(.post, path, ["pk": .integer(user)])
        _ = try answer.expected()
        return .redirect(to: .group(request.value("id")), done: operation)
    }
}

/// The template `group`.
struct GroupPage: PageModel {
    static let template = "group"

    let parents: [ShownObject]
    let children: [ShownObject]
    let base: Address
    /// The members.
    let list: ListTable
    let superuser: String
    let attributes: String
    /// The result of a sync of the group.
    let message: String?
    let problem: String?
    /// The entered user name.
    let person: String
    let explanations: [ShownExplanation]
}
