import CausewayAPI
import CausewayJSON
import HTTPTypes

/// Events: who did what, and when.
struct EventPages: Sendable {
    let texts: Texts

    private static let list = ListDefinition<EventView>(
        key: "events",
        address: .events,
        source: "/events/events/",
        columns: [
            .init("action", .nameWord({ $0.ownAction }, catalog: "event_actions"), ordering: "action"),
            .init("user", .text { $0.user.username }, ordering: "user"),
            .init("object", .text { $0.object }), .init("created", .time { $0.created }, ordering: "created"),
            .init("client_ip", .code { $0.clientIp }, ordering: "client_ip"),
        ],
        filters: [
            .init(
                name: "action",
                values: [
                    "login", "login_failed", "model_created", "model_updated", "model_deleted", "system_task_exception",
                ]
            )
        ],
        creation: .nobody
    )

    var routes: [PageRoute] {
        let list = ListView(definition: Self.list, texts: texts)
        return [
            PageRoute(.get, .events) { try await list.page($0) },
            PageRoute(.get, .event("{id}")) { try await show($0) },
        ]
    }

    private func show(_ request: PageRequest) async throws -> PageResponse {
        let path = "/events/events/\(request.value("id").urlPathPart)/"
        let event = try await request.api.get(path, as: EventView.self)
        let page = EventPage(
            event: .init(user: event.user, clientIP: event.clientIp, app: event.app),
            created: Formatting.time(event.created),
            context: event.context.prettyText
        )
        let title = texts.find("event_actions.\(event.ownAction)") ?? event.ownAction
        let trail = [PageLink(title: texts("places.events"), address: .events)]
        return .page(PageContent(page, title: title, place: "events", trail: trail))
    }
}

/// An event, as the API returns it.
struct EventView: ListRow {
    let pk: String
    let action: String
    let app: String
    let user: User
    let context: JSONValue
    let clientIp: String?
    let created: String

    struct User: Decodable, TemplateValue {
        let username: String
    }

    var id: String { pk }

    /// The action; for an action that authentik does not have, the event's own word.
    var ownAction: String { (action == "custom_" ? context["custom_action"]?.string : nil) ?? action }

    /// The name of the object that it concerns.
    var object: String {
        let provider = context["provider"]
        let names = [context["model"]?["name"], provider?["name"], provider]
        return names.compactMap { $0?.string }.first ?? ""
    }
}

/// The template `event`.
struct EventPage: PageModel {
    static let template = "event"

    let event: Event
    let created: ShownTime?
    let context: String

    struct Event: TemplateValue {
        let user: EventView.User
        let clientIP: String?
        let app: String
    }
}
