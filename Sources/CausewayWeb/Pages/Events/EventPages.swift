import CausewayAPI
import CausewayJSON
import HTTPTypes

/// Events: who did what, and when.
struct EventPages: Sendable {
    let texts: Texts

    private static let address = "/if/admin/events/"

    private static let list = ListDefinition(
        key: "events",
        address: address,
        source: "/events/events/",
        columns: [
            .init("action", "action", .nameWord("event_actions"), ordering: "action"),
            .init("user", "user.username", ordering: "user"),
            .init("object", "object"), .init("created", "created", .time, ordering: "created"),
            .init("client_ip", "client_ip", .code, ordering: "client_ip"),
        ],
        filters: [
            .init(
                name: "action",
                values: [
                    "login", "login_failed", "model_created", "model_updated", "model_deleted", "system_task_exception",
                ]
            )
        ],
        creation: .nobody,
        completed: { events, _ in events.map(shown) }
    )

    var routes: [PageRoute] {
        let list = ListView(definition: Self.list, texts: texts)
        return [
            PageRoute(.get, Self.address) { try await list.page($0) },
            PageRoute(.get, Self.address + "{id}/") { try await show($0) },
        ]
    }

    /// With the word that an event has for itself where the API has none for it, and the name of what it is about.
    private static func shown(_ event: JSONValue) -> JSONValue {
        var shown = event.object ?? [:]
        let context = event["context"]
        if event["action"] == "custom_", let own = context?["custom_action"] { shown["action"] = own }
        let provider = context?["provider"]
        let names = [context?["model"]?["name"], provider?["name"], provider]
        shown["object"] = names.compactMap { $0?.string }.first.map { .string($0) } ?? ""
        return .object(shown)
    }

    private func show(_ request: PageRequest) async throws -> PageResponse {
        let event = try await request.api.send(.get, "/events/events/\(request.value("id").urlPathPart)/").expected()
        let values: [String: JSONValue] = [
            "event": event, "created": Formatting.time(event["created"]?.string) ?? .null,
            "context": .string((event["context"] ?? [:]).prettyText),
        ]
        let action = Self.shown(event)["action"]?.string ?? ""
        let title = texts.find("event_actions.\(action)") ?? action
        let trail = [(title: texts("places.events"), address: Self.address)]
        return .page(PageContent("event", title: title, place: "events", trail: trail, values))
    }
}
