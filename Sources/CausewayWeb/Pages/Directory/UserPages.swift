import CausewayAPI
import CausewayJSON
import HTTPTypes

/// Users: their list and forms, and the state of one in Entra.
struct UserPages: Sendable {
    let texts: Texts

    static let address = "/if/admin/users/"

    private static let list = ListDefinition(
        key: "users",
        address: address,
        source: "/core/users/?include_groups=false",
        columns: [
            .init("username", "username", .name, ordering: "username"), .init("name", "name", ordering: "name"),
            .init("email", "email", ordering: "email"),
            .init("type", "type", .word("forms.user.types"), ordering: "type"),
            .init("active", "is_active", .flag, ordering: "is_active"),
            .init("last_updated", "last_updated", .time, ordering: "last_updated"),
        ],
        filters: [
            .init(name: "is_active", values: ["true", "false"]),
            .init(name: "type", values: ["internal", "external", "service_account", "internal_service_account"]),
        ],
        ways: [("import", "import/"), ("service_account", "service-account/")],
        bulk: BulkChanges.Kind.users.actions,
        export: "/causeway/export/users/"
    )

    static let form = FormDefinition(
        key: "user",
        groups: [
            FormGroup(
                key: "",
                fields: [
                    FormField(name: "username", kind: .text), FormField(name: "name", kind: .text),
                    FormField(name: "email", kind: .email, isOptional: true),
                    FormField(
                        name: "type",
                        kind: .choice(["internal", "external", "service_account"]),
                        standard: "internal"
                    ),
                    FormField(name: "is_active", kind: .flag, standard: "true"),
                    FormField(name: "path", kind: .text, standard: "users"),
                    FormField(name: "attributes", kind: .attributes, isOptional: true, standard: "{}"),
                ]
            )
        ]
    )

    var routes: [PageRoute] {
        let list = ListView(definition: Self.list, texts: texts)
        let forms = FormPages(
            definition: Self.form,
            place: "users",
            address: Self.address,
            collection: "/core/users/",
            texts: texts
        )
        return [
            PageRoute(.get, Self.address) { try await list.page($0) },
            PageRoute(.get, Self.address + "{id}/") { try await show($0) },
            PageRoute(.post, Self.address + "{id}/sync/") { try await sync($0) },
        ] + ImportPage(texts: texts).routes + forms.routes + BulkChanges(texts: texts, kind: .users).routes
            + UserAccess(texts: texts).routes
    }

    private func show(_ request: PageRequest, message: String? = nil) async throws -> PageResponse {
        let id = request.value("id")
        let user = try await request.api.send(.get, "/core/users/\(id.urlPathPart)/").expected()
        let groups = (user["groups_obj"]?.array ?? []).map { group -> JSONValue in
            [
                "name": group["name"] ?? .null,
                "address": .string("\(GroupPages.address)\(group["pk"]?.string ?? "")/"),
            ]
        }
        let values: [String: JSONValue] = [
            "user_object": user, "groups": .array(groups), "has_groups": .bool(!groups.isEmpty),
            "base": .string("\(Self.address)\(id.urlPathPart)/"),
            "type": .string(texts("forms.user.types.\(user["type"]?.string ?? "")")),
            "active": .string(texts(user["is_active"]?.bool == true ? "yes" : "no")),
            "updated": Formatting.time(user["last_updated"]?.string) ?? .null,
            "attributes": .string((user["attributes"] ?? [:]).prettyText), "message": JSONValue(message),
            "access": try await UserAccess(texts: texts).values(user, request),
            "explanations": .array(try await ObjectPage(texts: texts, kind: "user").explanations(of: id, request.api)),
        ]
        let title = user["username"]?.string ?? id
        let trail = [(title: texts("places.users"), address: Self.address)]
        return .page(PageContent("user", title: title, place: "users", trail: trail, values))
    }

    private func sync(_ request: PageRequest) async throws -> PageResponse {
        let said = try await ObjectPage(texts: texts, kind: "user").sync(request.value("id"), request)
        return try await show(request, message: said ?? texts("objects.sync_busy"))
    }
}
