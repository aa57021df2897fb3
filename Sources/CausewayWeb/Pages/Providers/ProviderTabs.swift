import CausewayAPI
import CausewayJSON
import HTTPTypes

/// The lists of a provider: its runs, what it has linked, what others changed, and what was changed of it.
struct ProviderTabs: Sendable {
    let texts: Texts

    private var frame: ProviderFrame { ProviderFrame(texts: texts) }

    var routes: [PageRoute] {
        let one = ProviderPages.address + "{id}/"
        return [
            PageRoute(.get, one + "users/") { try await list($0, links($0, "user"), tab: "users") },
            PageRoute(.get, one + "groups/") { try await list($0, links($0, "group"), tab: "groups") },
            PageRoute(.get, one + "changelog/") { try await list($0, changes($0), tab: "changelog") },
            PageRoute(.get, one + "runs/") { try await runs($0) },
            PageRoute(.get, one + "drift/") { try await drift($0) },
        ] + FailurePages(texts: texts).routes
    }

    private func list(_ request: PageRequest, _ definition: ListDefinition, tab: String) async throws -> PageResponse {
        let values = try await ListView(definition: definition, texts: texts).values(request)
        return try await frame.page(request, "provider-list", tab: tab, ["list": values])
    }

    private func links(_ request: PageRequest, _ kind: String) -> ListDefinition {
        let id = request.value("id").urlPathPart
        return ListDefinition(
            key: "provisioned_\(kind)s",
            address: "\(ProviderPages.address)\(id)/\(kind)s/",
            source: "/providers/microsoft_entra_\(kind)s/?provider__id=\(id)",
            columns: [
                .init("name", kind == "user" ? "user_obj.username" : "group_obj.name", .name),
                .init("display_name", "attributes.displayName"), .init("entra_id", "microsoft_id", .code),
                .init("state", "presence", .word("presences")),
            ],
            id: "id",
            creation: .nobody
        )
    }

    private func changes(_ request: PageRequest) -> ListDefinition {
        let model = "context_model_app=authentik_providers_microsoft_entra&context_model_name=microsoftentraprovider"
        return ListDefinition(
            key: "changelog",
            address: "/if/admin/events/",
            source: "/events/events/?\(model)&context_model_pk=\(request.value("id").urlPathPart)",
            columns: [
                .init("action", "action", .nameWord("event_actions"), ordering: "action"),
                .init("user", "user.username", ordering: "user"),
                .init("created", "created", .time, ordering: "created"),
            ],
            isSearchable: false,
            creation: .nobody
        )
    }

    private func runs(_ request: PageRequest) async throws -> PageResponse {
        let id = request.value("id").urlPathPart
        let path = "/causeway/providers/\(id)/runs/?page_size=25&page=\(request.query.page)"
        let answer = try await request.api.send(.get, path).expected()
        let runs = (answer["results"]?.array ?? []).map { RunSummary($0, texts) }
        let chart = BarChart(
            parts: ["done", "failed"].map { ($0, texts("chart.parts.\($0)")) },
            bars: runs.reversed().map { run in
                BarChart.Bar(
                    label: run.json["started"]?["exact"]?.string ?? "",
                    counts: [run.done, run.failed],
                    address: run.json["address"]?.string
                )
            }
        )
        let values: [String: JSONValue] = [
            "runs": .array(runs.map(\.json)), "chart": chart.json(title: texts("runs.chart")),
            "pages": Paging(answer["pagination"], request, texts).json,
        ]
        return try await frame.page(request, "provider-runs", tab: "runs", values)
    }

    private func drift(_ request: PageRequest) async throws -> PageResponse {
        let id = request.value("id").urlPathPart
        let path = "/causeway/providers/\(id)/drift/?page_size=50&page=\(request.query.page)"
        let answer = try await request.api.send(.get, path).expected()
        let rows = (answer["results"]?.array ?? []).map { drift -> JSONValue in
            [
                "name": drift["name"] ?? .null, "attribute": drift["attribute"] ?? .null,
                "wanted": .string(ProviderPages.shown(drift["wanted"])),
                "found": .string(ProviderPages.shown(drift["found"])),
                "status": .string(texts("drift_states.\(drift["status"]?.string ?? "")")),
                "seen": Formatting.time(drift["seen"]?.string) ?? .null,
            ]
        }
        let values: [String: JSONValue] = [
            "rows": .array(rows), "is_empty": .bool(rows.isEmpty),
            "pages": Paging(answer["pagination"], request, texts).json,
        ]
        return try await frame.page(request, "provider-drift", tab: "drift", values)
    }
}
