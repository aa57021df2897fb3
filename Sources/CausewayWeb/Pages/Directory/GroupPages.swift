import CausewayAPI
import CausewayJSON
import HTTPTypes

/// Groups: their list, forms and members, and the state of one in Entra.
struct GroupPages: Sendable {
    let texts: Texts

    static let address = "/if/admin/groups/"

    private static let list = ListDefinition(
        key: "groups",
        address: address,
        source: "/core/groups/?include_users=false",
        columns: [
            .init("name", "name", .name, ordering: "name"),
            .init("superuser", "is_superuser", .flag, ordering: "is_superuser"),
        ],
        bulk: BulkChanges.Kind.groups.actions,
        export: "/causeway/export/groups/"
    )

    static let form = FormDefinition(
        key: "group",
        groups: [
            FormGroup(
                key: "",
                fields: [
                    FormField(name: "name", kind: .text),
                    FormField(
                        name: "parents",
                        kind: .objects(ProviderForm.groups, isMultiple: true),
                        isOptional: true
                    ),
                    FormField(name: "is_superuser", kind: .flag),
                    FormField(name: "attributes", kind: .attributes, isOptional: true, standard: "{}"),
                ]
            )
        ]
    )

    private static func members(of group: String) -> ListDefinition {
        ListDefinition(
            key: "members",
            address: UserPages.address,
            source: "/core/users/?include_groups=false".adding([("groups_by_pk", group)]),
            columns: [
                .init("username", "username", .name, ordering: "username"), .init("name", "name", ordering: "name"),
                .init("active", "is_active", .flag, ordering: "is_active"),
            ],
            creation: .nobody
        )
    }

    var routes: [PageRoute] {
        let list = ListView(definition: Self.list, texts: texts)
        let forms = FormPages(
            definition: Self.form,
            place: "groups",
            address: Self.address,
            collection: "/core/groups/",
            texts: texts
        )
        let one = Self.address + "{id}/"
        return [
            PageRoute(.get, Self.address) { try await list.page($0) },
            PageRoute(.get, one) { try await show($0) },
            PageRoute(.post, one + "sync/") { try await sync($0) },
            PageRoute(.post, one + "add/") { try await change($0, "add_user") },
            PageRoute(.post, one + "remove/") { try await change($0, "remove_user") },
        ] + forms.routes + BulkChanges(texts: texts, kind: .groups).routes
    }

    private func show(_ request: PageRequest, message: String? = nil, problem: String? = nil) async throws
        -> PageResponse
    {
        let id = request.value("id")
        let group = try await request.api.send(
            .get,
            "/core/groups/\(id.urlPathPart)/?include_users=false&include_parents=true&include_children=true"
        ).expected()
        func related(_ name: String) -> JSONValue {
            .array(
                (group[name]?.array ?? []).map { other in
                    [
                        "name": other["name"] ?? .null,
                        "address": .string("\(Self.address)\(other["pk"]?.string ?? "")/"),
                    ]
                }
            )
        }
        let values: [String: JSONValue] = [
            "parents": related("parents_obj"), "children": related("children_obj"),
            "group": group, "base": .string("\(Self.address)\(id.urlPathPart)/"),
            "list": try await ListView(definition: Self.members(of: id), texts: texts).values(request),
            "superuser": .string(texts(group["is_superuser"]?.bool == true ? "yes" : "no")),
            "attributes": .string((group["attributes"] ?? [:]).prettyText), "message": JSONValue(message),
            "problem": JSONValue(problem), "person": .string(request.form["person"] ?? ""),
            "explanations": .array(try await ObjectPage(texts: texts, kind: "group").explanations(of: id, request.api)),
        ]
        let title = group["name"]?.string ?? id
        let trail = [(title: texts("places.groups"), address: Self.address)]
        let content = PageContent("group", title: title, place: "groups", trail: trail, values)
        return .page(content, status: problem == nil ? 200 : 422)
    }

    private func sync(_ request: PageRequest) async throws -> PageResponse {
        let said = try await ObjectPage(texts: texts, kind: "group").sync(request.value("id"), request)
        return try await show(request, message: said ?? texts("objects.sync_busy"))
    }

    /// Adds or removes a member, by user name.
    private func change(_ request: PageRequest, _ operation: String) async throws -> PageResponse {
        let name = request.form["person"] ?? ""
        guard let user = try await request.api.user(named: name) else {
            return try await show(request, problem: texts("forms.no_such_object", ["name": name]))
        }
        let path = "/core/groups/\(request.value("id").urlPathPart)/\(operation)/"
        let answer = await request.api.send(.post, path, ["pk": user])
        _ = try answer.expected()
        return .redirect("\(Self.address)\(request.value("id").urlPathPart)/", done: operation)
    }
}
