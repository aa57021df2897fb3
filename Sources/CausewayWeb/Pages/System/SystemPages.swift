import CausewayAPI
import CausewayJSON
import HTTPTypes

/// Tokens, and how the program itself is.
struct SystemPages: Sendable {
    let texts: Texts

    private static let tokens = "/if/admin/tokens/"

    private static let list = ListDefinition(
        key: "tokens",
        address: tokens,
        source: "/core/tokens/",
        columns: [
            .init("identifier", "identifier", .name, ordering: "identifier"), .init("user", "user_obj.username"),
            .init("intent", "intent", .word("forms.token.intents"), ordering: "intent"),
            .init("role", "causeway_role", .word("forms.token.roles")),
            .init("expires", "expires", .time, ordering: "expires"),
        ],
        id: "identifier"
    )

    static let form = FormDefinition(
        key: "token",
        groups: [
            FormGroup(
                key: "",
                fields: [
                    FormField(name: "identifier", kind: .text),
                    FormField(name: "description", kind: .text, isOptional: true),
                    FormField(
                        name: "causeway_role",
                        kind: .choice(["auditor", "operator", "administrator"]),
                        standard: "auditor"
                    ), FormField(name: "expiring", kind: .flag, standard: "true"),
                ]
            )
        ]
    )

    /// Those who have a role of their own; their pages are those of users.
    private static let administrators = ListDefinition(
        key: "administrators",
        address: UserPages.address,
        source:
            "/core/users/?include_groups=false&roles_by_name=Administrator&roles_by_name=Operator&roles_by_name=Auditor",
        columns: [
            .init("username", "username", .name, ordering: "username"), .init("name", "name", ordering: "name"),
            .init("roles", "roles_obj", .names), .init("active", "is_active", .flag, ordering: "is_active"),
            .init("last_login", "last_login", .time, ordering: "last_login"),
            .init("authenticator", "has_authenticator", .flag),
        ],
        creation: .nobody,
        completed: { rows, api in
            let known = try await api.send(.get, "/causeway/authenticators/").expected().array ?? []
            let users = Set(known.compactMap { $0["user"]?.integer })
            return rows.map { row in
                var row = row.object ?? [:]
                row["has_authenticator"] = .bool(row["pk"]?.integer.map(users.contains) ?? false)
                return .object(row)
            }
        }
    )

    var routes: [PageRoute] {
        let administrators = ListView(definition: Self.administrators, texts: texts)
        let list = ListView(definition: Self.list, texts: texts)
        let forms = FormPages(
            definition: Self.form,
            place: "tokens",
            address: Self.tokens,
            collection: "/core/tokens/",
            id: "identifier",
            texts: texts
        )
        return [
            PageRoute(.get, "/if/admin/administrators/") { try await administrators.page($0) },
            PageRoute(.get, Self.tokens) { try await list.page($0) },
            PageRoute(.get, Self.tokens + "{id}/") { try await showToken($0, key: nil) },
            PageRoute(.post, Self.tokens + "{id}/key/") { try await showKey($0) },
            PageRoute(.get, "/if/admin/system/") { try await showSystem($0) },
        ] + forms.routes
    }

    private func showToken(_ request: PageRequest, key: JSONValue?) async throws -> PageResponse {
        let id = request.value("id")
        let token = try await request.api.send(.get, "/core/tokens/\(id.urlPathPart)/").expected()
        let values: [String: JSONValue] = [
            "token_object": token, "expires": Formatting.time(token["expires"]?.string) ?? .null,
            "role": .string(texts("forms.token.roles.\(token["causeway_role"]?.string ?? "none")")),
            "key": key ?? .null,
            "base": .string("\(Self.tokens)\(id.urlPathPart)/"),
        ]
        let trail = [(title: texts("places.tokens"), address: Self.tokens)]
        return .page(PageContent("token", title: id, place: "tokens", trail: trail, values))
    }

    /// Shows a key, which is possible once.
    private func showKey(_ request: PageRequest) async throws -> PageResponse {
        let path = "/core/tokens/\(request.value("id").urlPathPart)/view_key/"
        let answer = await request.api.send(.get, path)
        guard answer.status == 200 else {
            guard [400, 403, 404].contains(answer.status) else {
                _ = try answer.expected(); throw PageError.notFound
            }
            return try await showToken(request, key: ["is_gone": true])
        }
        return try await showToken(
            request,
            key: ["label": .string(texts("tokens.key")), "value": answer.body["key"] ?? .null]
        )
    }

    private func showSystem(_ request: PageRequest) async throws -> PageResponse {
        let system = try await request.api.send(.get, "/admin/system/").expected()
        let state = try await request.api.send(.get, "/causeway/system/").expected()
        let schedules = try await schedules(request.api)
        let values: [String: JSONValue] = [
            "version": state["version"] ?? .null, "runtime": .array(runtime(system["runtime"])),
            "database": .array(database(state["database"])), "sandbox": .array(sandbox(state["mappings"])),
            "workers": .string(
                texts("system.workers", count: Int(state["mappings"]?["workers"]?.integer ?? 0))
            ),
            "objection": state["mappings"]?["objection"] ?? .null,
            "time": Formatting.time(system["server_time"]?.string) ?? .null, "schedules": .array(schedules),
            "has_schedules": .bool(!schedules.isEmpty),
        ]
        return .page(PageContent("system", title: texts("places.system"), place: "system", values))
    }

    private func schedules(_ api: APIClient) async throws -> [JSONValue] {
        (try await api.send(.get, "/tasks/schedules/?page_size=100").expected()["results"]?.array ?? []).map {
            schedule in
            [
                "name": schedule["description"] ?? schedule["actor_name"] ?? .null,
                "crontab": schedule["crontab"] ?? .null,
                "next": Formatting.time(schedule["next_run"]?.string) ?? .null,
                "paused": .string(texts(schedule["paused"]?.bool == true ? "yes" : "no")),
            ]
        }
    }

    private func runtime(_ runtime: JSONValue?) -> [JSONValue] {
        (runtime?.object ?? [:]).filter { !$0.value.isNull }.sorted { $0.key < $1.key }.map { name, value in
            ["name": .string(texts.find("system.runtime.\(name)") ?? name), "value": .string(ListView.plain(value))]
        }
    }

    private func database(_ database: JSONValue?) -> [JSONValue] {
        let megabytes = Double(database?["bytes"]?.integer ?? 0) / 1_000_000
        let values = [
            ("kind", database?["kind"]?.string ?? ""), ("size", "\(Formatting.number(Int(megabytes.rounded(.up)))) MB"),
            ("schema_version", "\(database?["schema_version"]?.integer ?? 0)"),
            ("users", Formatting.number(Int(database?["users"]?.integer ?? 0))),
            ("groups", Formatting.number(Int(database?["groups"]?.integer ?? 0))),
        ]
        return values.map { ["name": .string(texts("system.database.\($0.0)")), "value": .string($0.1)] }
    }

    private func sandbox(_ mappings: JSONValue?) -> [JSONValue] {
        (mappings?["layers"]?.array ?? []).map { layer in
            let isPresent = layer["is_present"]?.bool == true
            return [
                "name": layer["name"] ?? .null, "sentence": layer["sentence"] ?? .null,
                "state": .string(isPresent ? "in_step" : "failing"),
                "state_words": .string(texts("system.layers.\(isPresent ? "present" : "missing")")),
            ]
        }
    }
}
