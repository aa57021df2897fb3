import CausewayAPI
import CausewayJSON
import HTTPTypes

/// Providers: their list, making and changing them, and running one.
struct ProviderPages: Sendable {
    let texts: Texts

    static let address = "/if/admin/providers/"

    private static let list = ListDefinition(
        key: "providers",
        address: address,
        source: "/providers/microsoft_entra/",
        columns: [
            .init("name", "name", .name, ordering: "name"),
            .init("application", "assigned_backchannel_application_name"),
            .init("tenant", "tenant_id", .code, ordering: "tenant_id"), .init("dry_run", "dry_run", .flag),
        ]
    )

    private var forms: FormPages {
        FormPages(
            definition: ProviderForm.definition,
            place: "providers",
            address: Self.address,
            collection: "/providers/microsoft_entra/",
            creation: "create/microsoft-entra/",
            createWord: "finish",
            texts: texts
        )
    }

    private var links: (users: ListDefinition, groups: ListDefinition) {
        func list(_ kind: String) -> ListDefinition {
            ListDefinition(
                key: "provisioned_\(kind)s",
                address: Self.address,
                source: "/providers/microsoft_entra_\(kind)s/",
                columns: [
                    .init("name", kind == "user" ? "user_obj.username" : "group_obj.name"),
                    .init("display_name", "attributes.displayName"), .init("entra_id", "microsoft_id", .code),
                ],
                detail: "",
                creation: .nobody
            )
        }
        return (list("user"), list("group"))
    }

    var routes: [PageRoute] {
        let list = ListView(definition: Self.list, texts: texts)
        let choice = TypeChoice(
            place: "providers",
            address: Self.address,
            types: "/providers/all/types/",
            pages: ["ak-provider-microsoft-entra-form": "create/microsoft-entra/"],
            texts: texts
        )
        let one = Self.address + "{id}/"
        return [
            PageRoute(.get, Self.address) { try await list.page($0) },
            PageRoute(.get, one) { try await overview($0) },
            PageRoute(.get, one + "users/") { try await linked($0, links.users, tab: "users") },
            PageRoute(.get, one + "groups/") { try await linked($0, links.groups, tab: "groups") },
            PageRoute(.get, one + "runs/") { try await runs($0) },
            PageRoute(.get, one + "drift/") { try await drift($0) },
            PageRoute(.post, one + "sync/") { try await sync($0) },
            PageRoute(.post, one + "plan/") { try await plan($0) },
            PageRoute(.post, one + "check/") { try await check($0) },
            PageRoute(.post, one + "end-quarantine/") { try await endQuarantine($0) },
        ] + choice.routes + forms.routes
    }

    // MARK: What every tab shows

    private func page(_ request: PageRequest, _ template: String, tab: String, _ values: [String: JSONValue])
        async throws
        -> PageResponse
    {
        let id = request.value("id")
        let provider = try await request.api.send(.get, "/providers/microsoft_entra/\(id.urlPathPart)/").expected()
        let health = try await ProviderHealth(provider, request.api)
        let base = "\(Self.address)\(id.urlPathPart)/"
        let name = provider["name"]?.string ?? id
        let isCustom = provider["cloud"] == "custom"
        let tabs = ["overview", "runs", "users", "groups", "drift"].map { key -> JSONValue in
            [
                "title": .string(texts("provider.tabs.\(key)")),
                "address": .string(key == "overview" ? base : "\(base)\(key)/"), "is_current": .bool(key == tab),
            ]
        }
        let common: [String: JSONValue] = [
            "base": .string(base), "provider": provider, "state": .string(health.state),
            "state_words": .string(texts("states.\(health.state)")),
            "state_sentence": .string(texts("state_sentences.\(health.state)")), "tabs": .array(tabs),
            "is_unassigned": .bool(!health.isAssigned), "is_dry_run": provider["dry_run"] ?? false,
            "is_custom_cloud": .bool(isCustom), "quarantine": quarantine(health),
            "waiting": .array(health.waiting.map { waiting($0) }),
            "running": health.isRunning ? run(health.lastRun ?? .null) : .null,
        ]
        let content = PageContent(
            template,
            title: name,
            place: "providers",
            trail: [(texts("places.providers"), Self.address)],
            common.merging(values) { $1 }
        )
        return .page(content)
    }

    private func quarantine(_ health: ProviderHealth) -> JSONValue {
        guard let quarantine = health.quarantine else { return .null }
        return [
            "reason": quarantine["reason"] ?? .null, "since": Phrases.time(quarantine["since"]?.string) ?? .null,
            "until": Phrases.time(quarantine["until"]?.string) ?? .null,
        ]
    }

    private func waiting(_ run: JSONValue) -> JSONValue {
        [
            "address": .string("\(RunPages.address)\(run["pk"]?.string ?? "")/"), "message": run["message"] ?? .null,
            "since": Phrases.time(run["started"]?.string) ?? .null,
        ]
    }

    private func run(_ run: JSONValue) -> JSONValue { RunSummary(run, texts).json }

    // MARK: Tabs

    private func overview(_ request: PageRequest) async throws -> PageResponse {
        let id = request.value("id").urlPathPart
        let runs = try await request.api.send(.get, "/causeway/providers/\(id)/runs/?page_size=5").expected()
        async let users = request.api.send(.get, "/providers/microsoft_entra_users/?provider__id=\(id)&page_size=1")
        async let groups = request.api.send(.get, "/providers/microsoft_entra_groups/?provider__id=\(id)&page_size=1")
        let throttle = await request.api.send(.get, "/causeway/providers/\(id)/throttle/")
        func count(_ answer: APIAnswer) -> JSONValue {
            .string(Phrases.number(Int(answer.body["pagination"]?["count"]?.integer ?? 0)))
        }
        return try await page(
            request,
            "provider",
            tab: "overview",
            [
                "runs": .array((runs["results"]?.array ?? []).map(run)), "linked_users": count(await users),
                "linked_groups": count(await groups),
                "is_working_on_tenant": throttle.body["is_active"] ?? false,
            ]
        )
    }

    private func linked(_ request: PageRequest, _ list: ListDefinition, tab: String) async throws -> PageResponse {
        let id = request.value("id").urlPathPart
        let narrowed = ListDefinition(
            key: list.key,
            address: list.address,
            source: "\(list.source)?provider__id=\(id)",
            columns: list.columns,
            detail: "",
            creation: .nobody
        )
        let values = try await ListView(definition: narrowed, texts: texts).values(request)
        return try await page(request, "provider-list", tab: tab, ["list": values])
    }

    private func runs(_ request: PageRequest) async throws -> PageResponse {
        let id = request.value("id").urlPathPart
        let number = max(1, request.query["page"].flatMap { Int($0) } ?? 1)
        let path = "/causeway/providers/\(id)/runs/?page_size=25&page=\(number)"
        let answer = try await request.api.send(.get, path).expected()
        let values: [String: JSONValue] = [
            "runs": .array((answer["results"]?.array ?? []).map(run)),
            "pages": Paging(answer["pagination"], request, texts).json,
        ]
        return try await page(request, "provider-runs", tab: "runs", values)
    }

    private func drift(_ request: PageRequest) async throws -> PageResponse {
        let id = request.value("id").urlPathPart
        let number = max(1, request.query["page"].flatMap { Int($0) } ?? 1)
        let path = "/causeway/providers/\(id)/drift/?page_size=50&page=\(number)"
        let answer = try await request.api.send(.get, path).expected()
        let rows = (answer["results"]?.array ?? []).map { drift -> JSONValue in
            [
                "name": drift["name"] ?? .null, "attribute": drift["attribute"] ?? .null,
                "wanted": .string(Self.shown(drift["wanted"])), "found": .string(Self.shown(drift["found"])),
                "status": .string(texts("drift_states.\(drift["status"]?.string ?? "")")),
                "seen": Phrases.time(drift["seen"]?.string) ?? .null,
            ]
        }
        let values: [String: JSONValue] = [
            "rows": .array(rows), "is_empty": .bool(rows.isEmpty),
            "pages": Paging(answer["pagination"], request, texts).json,
        ]
        return try await page(request, "provider-drift", tab: "drift", values)
    }

    static func shown(_ value: JSONValue?) -> String {
        switch value ?? .null {
        case .null: "–"
        case .string(let text): text
        case let other: other.text
        }
    }

    // MARK: What an operator does

    private func back(_ request: PageRequest, done: String) -> PageResponse {
        .redirect("\(Self.address)\(request.value("id").urlPathPart)/", done: done)
    }

    private func sync(_ request: PageRequest) async throws -> PageResponse {
        let query = "rel_obj_id=\(request.value("id").urlPathPart)&page_size=1"
        let schedules = try await request.api.send(.get, "/tasks/schedules/?\(query)").expected()
        guard let schedule = schedules["results"]?.array?.first?["id"]?.string else { throw PageError.notFound }
        _ = try await request.api.send(.post, "/tasks/schedules/\(schedule)/send/").expected()
        return back(request, done: "sync_started")
    }

    private func plan(_ request: PageRequest) async throws -> PageResponse {
        let id = request.value("id").urlPathPart
        let run = try await request.api.send(.post, "/causeway/providers/\(id)/plans/").expected()
        return .redirect("\(RunPages.address)\(run["pk"]?.string ?? "")/")
    }

    private func check(_ request: PageRequest) async throws -> PageResponse {
        let id = request.value("id").urlPathPart
        let answer = try await request.api.send(.post, "/causeway/providers/\(id)/check/").expected()
        let findings = (answer["findings"]?.array ?? []).map { finding -> JSONValue in
            let level = finding["level"]?.string ?? ""
            return [
                "state": .string(["ok": "in_step", "warning": "warning"][level] ?? "failing"),
                "level": .string(texts("check.levels.\(level)")), "subject": finding["subject"] ?? .null,
                "message": finding["message"] ?? .null,
            ]
        }
        let values: [String: JSONValue] = [
            "findings": .array(findings), "is_good": answer["is_good"] ?? false,
            "verdict": .string(texts(answer["is_good"]?.bool == true ? "check.good" : "check.bad")),
        ]
        return try await page(request, "provider-check", tab: "overview", values)
    }

    private func endQuarantine(_ request: PageRequest) async throws -> PageResponse {
        let id = request.value("id").urlPathPart
        let answer = await request.api.send(.delete, "/causeway/providers/\(id)/quarantine/")
        guard answer.status == 204 else { _ = try answer.expected(); throw PageError.notFound }
        return back(request, done: "quarantine_ended")
    }
}
