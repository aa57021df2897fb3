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
        views: [("tree", GroupTreePage.address)],
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
            confirmation: SuperuserQuestion(texts: texts).question,
            texts: texts
        )
        let one = Address.group("{id}")
        return [
            PageRoute(.get, .groups) { try await list.page($0) },
            PageRoute(.get, one) { try await show($0) },
            PageRoute(.post, one.sync) { try await ObjectPage(texts: texts, kind: .group).sync($0) },
            PageRoute(.post, one("add")) { try await change($0, "add_user") },
            PageRoute(.post, one("remove")) { try await change($0, "remove_user") },
        ] + GroupTreePage(texts: texts).routes + forms.routes + BulkChanges(texts: texts, kind: .groups).routes
    }

    private func show(
        _ request: PageRequest,
        problem: String? = nil,
        candidates: [UserView] = []
    ) async throws -> PageResponse {
        let id = request.value("id")
        let query = "include_users=false&include_parents=true&include_children=true"
        let group = try await request.api.get("/core/groups/\(id.urlPathPart)/?\(query)", as: GroupView.self)
        let page = GroupPage(
            parents: (group.parentsObj ?? []).map(ShownObject.init(group:)),
            tree: (group.childrenObj ?? []).isEmpty
                ? nil : try await GroupTreePage(texts: texts).branches(below: id, request.api),
            base: .group(id),
            list: try await ListView(definition: Self.members(of: id), texts: texts).table(request),
            superuser: texts(group.isSuperuser ? "yes" : "no"),
            attributes: group.attributes.prettyText,
            problem: problem,
            person: request.form["person"] ?? "",
            people: .users,
            candidates: candidates.map {
                ChoiceOption(value: $0.username, label: $0.username, isChosen: false, hint: $0.name)
            },
            hasCandidates: !candidates.isEmpty,
            inEntra: try await ObjectPage(texts: texts, kind: .group).model(of: id, request)
        )
        let trail = [PageLink(title: texts("places.groups"), address: .groups)]
        let content = PageContent(page, title: group.name, place: "groups", trail: trail)
        return .page(content, status: problem == nil ? 200 : 422)
    }

    /// Adds or removes a member, by user name.
    private func change(_ request: PageRequest, _ operation: String) async throws -> PageResponse {
        let name = FormReading.trimmed(request.form["person"] ?? "")
        guard let user = try await request.api.user(named: name) else {
            let found = try await request.api.users(found: name)
            let problem = texts(found.isEmpty ? "forms.no_such_object" : "group.ambiguous", ["name": name])
            return try await show(request, problem: problem, candidates: operation == "add_user" ? found : [])
        }
        let id = request.value("id")
        if operation == "add_user",
            let question = try await SuperuserQuestion(texts: texts)
                .question(adding: "\(user)", to: id, from: .group(id), request)
        {
            return question
        }
        let path = "/core/groups/\(id.urlPathPart)/\(operation)/"
        let answer = await request.api.send(.post, path, ["pk": .integer(user)])
        _ = try answer.expected()
        return .redirect(to: .group(id), done: operation)
    }
}

/// The template `group`.
struct GroupPage: PageModel {
    static let template = "group"

    let parents: [ShownObject]
    /// The groups in it, and those in them; nil if there are none.
    let tree: GroupBranches?
    let base: Address
    /// The members.
    let list: ListTable
    let superuser: String
    let attributes: String
    let problem: String?
    /// The entered user name.
    let person: String
    let people: SuggestionSource
    /// The users that the entered text finds, if it is no user name.
    let candidates: [ChoiceOption]
    let hasCandidates: Bool
    let inEntra: ObjectInEntra
}
