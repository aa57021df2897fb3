import CausewayAPI
import CausewayJSON
import CausewayModel
import HTTPTypes

/// Tokens, the users with roles, and the state of the program.
struct SystemPages: Sendable {
    let texts: Texts

    private static let list = ListDefinition<TokenView>(
        key: "tokens",
        address: .tokens,
        source: "/core/tokens/",
        columns: [
            .init("identifier", .name { $0.identifier }, ordering: "identifier"),
            .init("user", .text { $0.userObj?.username }),
            .init("intent", .word({ $0.intent }, catalog: "forms.token.intents"), ordering: "intent"),
            .init("role", .word({ $0.causewayRole }, catalog: "forms.token.roles")),
            .init("expires", .time { $0.expires }, ordering: "expires"),
        ]
    )

    private static let role = FormField(
        name: "causeway_role",
        kind: .choice(["auditor", "operator", "administrator"]),
        standard: "auditor"
    )

    private static let lifetime = FormField(name: "expires", kind: .lifetime([1, 7, 30, 90, 365]), standard: "90")

    static let form = FormDefinition(
        key: "token",
        groups: [FormGroup("", of: AccessToken.self, adding: ["description": lifetime, "description": role])]
    )

    /// Users with a role of their own. Their links lead to the pages of users.
    private static let administrators = ListDefinition<AdministratorView>(
        key: "administrators",
        address: .users,
        source:
            "/core/users/?include_groups=false&roles_by_name=Administrator&roles_by_name=Operator&roles_by_name=Auditor",
        columns: [
            .init("username", .name { $0.user.username }, ordering: "username"),
            .init("name", .text { $0.user.name }, ordering: "name"),
            .init("roles", .text { ($0.user.rolesObj ?? []).map(\.name).joined(separator: ", ") }),
            .init("active", .flag { $0.user.isActive }, ordering: "is_active"),
            .init("last_login", .time { $0.user.lastLogin }, ordering: "last_login"),
            .init("authenticator", .flag { $0.hasAuthenticator }),
        ],
        creation: .nobody,
        completed: { rows, api in
            let known = try await api.get("/causeway/authenticators/", as: [AuthenticatorOwner].self)
            let users = Set(known.map(\.user))
            return rows.map { AdministratorView(user: $0.user, hasAuthenticator: users.contains($0.user.pk)) }
        }
    )

    /// The owner of an authenticator, as the API returns it.
    private struct AuthenticatorOwner: Decodable {
        let user: Int64
    }

    var routes: [PageRoute] {
        let administrators = AdministratorPages(
            list: ListView(definition: Self.administrators, texts: texts),
            texts: texts
        )
        let list = ListView(definition: Self.list, texts: texts)
        let forms = FormPages(
            definition: Self.form,
            place: "tokens",
            address: .tokens,
            collection: "/core/tokens/",
            id: "identifier",
            texts: texts
        )
        return [
            PageRoute(.get, .tokens) { try await list.page($0) },
            PageRoute(.get, .token("{id}")) { try await showToken($0, key: nil) },
            PageRoute(.post, Address.token("{id}")("key")) { try await showKey($0) },
            PageRoute(.get, .system) { try await showSystem($0) },
            PageRoute(.post, Address.system("nodes")("{id}")("drain")) { try await drain($0, "drain") },
            PageRoute(.post, Address.system("nodes")("{id}")("undrain")) { try await drain($0, "undrain") },
        ] + administrators.routes + forms.routes
    }

    private func showToken(_ request: PageRequest, key: TokenPage.Key?) async throws -> PageResponse {
        let id = request.value("id")
        let token = try await request.api.get("/core/tokens/\(id.urlPathPart)/", as: TokenView.self)
        let page = TokenPage(
            tokenObject: .init(description: token.description),
            expires: token.expiring ? ShownTime(token.expires) : nil,
            role: texts("forms.token.roles.\(token.causewayRole ?? "none")"),
            key: key,
            isAvailable: token.causewayKeyAvailable,
            base: .token(id)
        )
        let trail = [PageLink(title: texts("places.tokens"), address: .tokens)]
        return .page(PageContent(page, title: id, place: "tokens", trail: trail))
    }

    /// The key of a token, as the API returns it.
    private struct KeyView: Decodable {
        let key: String
    }

    /// Shows a key. That is possible once.
    private func showKey(_ request: PageRequest) async throws -> PageResponse {
        let path = "/core/tokens/\(request.value("id").urlPathPart)/view_key/"
        let answer = await request.api.send(.get, path)
        guard ![400, 403, 404].contains(answer.status) else {
            return try await showToken(request, key: nil)
        }
        let key = try answer.expected(as: KeyView.self).key
        return try await showToken(request, key: TokenPage.Key(value: key))
    }

    private func showSystem(_ request: PageRequest) async throws -> PageResponse {
        let host = try await request.api.get("/admin/system/", as: HostView.self)
        let system = try await request.api.get("/causeway/system/", as: SystemView.self)
        let schedules = try await request.api.rows("/tasks/schedules/?page_size=100", as: ScheduleView.self)
        let nodes = try await request.api.get("/causeway/nodes/", as: [NodeView].self)
        let page = SystemPage(
            version: system.version,
            runtime: runtime(host.runtime),
            database: database(system.database),
            sandbox: system.mappings.layers.map(layer),
            workers: texts("system.workers", count: system.mappings.workers),
            blockingReason: system.mappings.blockingReason,
            time: ShownTime(host.serverTime),
            schedules: schedules.map(schedule),
            hasSchedules: !schedules.isEmpty,
            nodes: NodeTable(nodes, texts)
        )
        return .page(PageContent(page, title: texts("places.system"), place: "system"))
    }

    private func drain(_ request: PageRequest, _ verb: String) async throws -> PageResponse {
        let path = "/causeway/nodes/\(request.value("id").urlPathPart)/\(verb)/"
        _ = try await request.api.send(.post, path).expected()
        return .redirect(to: .system, done: "node_\(verb)ed")
    }

    private func schedule(_ schedule: ScheduleView) -> SystemPage.Schedule {
        SystemPage.Schedule(
            name: texts.message(schedule.description),
            crontab: schedule.crontab,
            next: ShownTime(schedule.nextRun),
            paused: texts(schedule.paused ? "yes" : "no")
        )
    }

    private func runtime(_ runtime: JSONValue) -> [SystemPage.Fact] {
        (runtime.object ?? [:]).filter { !$0.value.isNull }.sorted { $0.key < $1.key }.map { name, value in
            SystemPage.Fact(name: texts.find("system.runtime.\(name)") ?? name, value: value.plainText)
        }
    }

    private func database(_ database: SystemView.Database) -> [SystemPage.Fact] {
        let megabytes = Double(database.bytes) / 1_000_000
        let values = [
            ("kind", database.kind), ("size", "\(texts.number(Int(megabytes.rounded(.up)))) MB"),
            ("schema_version", "\(database.schemaVersion)"), ("users", texts.number(database.users)),
            ("groups", texts.number(database.groups)),
        ]
        return values.map { SystemPage.Fact(name: texts("system.database.\($0.0)"), value: $0.1) }
    }

    private func layer(_ layer: SystemView.Layer) -> SystemPage.Layer {
        SystemPage.Layer(
            name: layer.name,
            sentence: layer.sentence,
            state: layer.isPresent ? "in_sync" : "failing",
            stateWords: texts("system.layers.\(layer.isPresent ? "present" : "missing")")
        )
    }
}
