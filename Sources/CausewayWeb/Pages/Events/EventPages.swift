import CausewayAPI
import CausewayJSON
import HTTPTypes

/// The log: who did what, and when.
struct EventPages: Sendable {
    let texts: Texts

    private static let views = Address.events("views")
    private static let pageSize = 50

    var routes: [PageRoute] {
        [
            PageRoute(.get, .events) { try await log($0) },
            PageRoute(.get, .event("{id}")) { try await show($0) },
            PageRoute(.post, Self.views) { try await save($0) },
            PageRoute(.post, Self.views("{id}").delete) { try await delete($0) },
        ]
    }

    // MARK: The log

    private func log(_ request: PageRequest, problem: String? = nil, name: String = "", query: FormFields? = nil)
        async throws -> PageResponse
    {
        let query = query ?? request.query
        let filter = EventFilterForm(query)
        async let chart = EventChart(texts: texts).drawing(filter, request)
        async let providers = request.api.providers()
        async let views = request.api.get("/causeway/events/views/", as: [SavedView].self)
        let before = Changelog.before(query)
        let items = [(name: "limit", value: "\(Self.pageSize)")] + before + filter.parameters(for: request.viewer)
        let path = "/causeway/events/".adding(items)
        let found = try await request.api.get(path, as: EventEntryPage.self)
        let words = EventWords(texts: texts)
        let saved = try await views
        let page = EventLogPage(
            filter: filter.shown(try await providers, texts),
            views: saved.map { shown($0, filter) },
            hasViews: !saved.isEmpty,
            chart: try await chart,
            events: found.results.map { ShownEvent($0, words, limit: 3, lines: 12) },
            isEmpty: found.results.isEmpty,
            empty: texts(filter.isEmpty ? "lists.events.empty" : "lists.nothing_found"),
            newest: before.isEmpty ? nil : Address.events.query(filter.values),
            older: found.next.map { Address.events.query(filter.values + [(name: "before", value: "\($0)")]) },
            isSearchLimited: found.next != nil && found.results.count < Self.pageSize,
            csv: Self.export("csv", filter, request.viewer),
            lines: Self.export("jsonl", filter, request.viewer),
            kept: filter.values.map { HiddenField(name: $0.name, value: $0.value) },
            problem: problem,
            viewName: name
        )
        let content = PageContent(page, title: texts("places.events"), place: "events")
        return .page(content, status: problem == nil ? 200 : 422)
    }

    private static func export(_ format: String, _ filter: EventFilterForm, _ viewer: Viewer) -> String {
        let query = [(name: "format", value: format)] + filter.parameters(for: viewer)
        return "/api/v3/causeway/events/export/".adding(query)
    }

    // MARK: Saved views

    /// A saved view, as the API returns it.
    private struct SavedView: Decodable {
        let pk: String
        let name: String
        let filter: [String: String]
    }

    private func shown(_ view: SavedView, _ filter: EventFilterForm) -> EventLogPage.View {
        EventLogPage.View(
            name: view.name,
            address: Address.events.query(
                view.filter.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
            ),
            delete: Self.views(view.pk).delete,
            isCurrent: view.filter == Dictionary(filter.values.map { ($0.name, $0.value) }) { $1 }
        )
    }

    private func save(_ request: PageRequest) async throws -> PageResponse {
        let (filter, name) = (EventFilterForm(request.form), request.form["name"] ?? "")
        let values = Dictionary(filter.values.map { ($0.name, JSONValue.string($0.value)) }) { $1 }
        let body: JSONValue = ["name": .string(name), "filter": .object(values)]
        let answer = await request.api.send(.post, "/causeway/events/views/", body)
        guard answer.status == 400 else {
            _ = try answer.expected()
            return .redirect(Address.events.query(filter.values), done: "view_saved")
        }
        return try await log(request, problem: answer.problem(texts), name: name, query: request.form)
    }

    private func delete(_ request: PageRequest) async throws -> PageResponse {
        let path = "/causeway/events/views/\(request.value("id").urlPathPart)/"
        _ = try await request.api.send(.delete, path).expected()
        return .redirect(to: .events, done: "view_deleted")
    }

    // MARK: One event

    private func show(_ request: PageRequest) async throws -> PageResponse {
        let path = "/causeway/events/\(request.value("id").urlPathPart)/"
        let event = try await request.api.get(path, as: EventEntry.self)
        let words = EventWords(texts: texts)
        let changes = words.changes(event)
        let page = EventPage(
            action: words.action(event.action),
            who: words.who(event),
            via: event.channel.map { texts("event.channels.\($0)") },
            object: EventObjects.object(of: event).map {
                EventPage.Object(type: words.title(of: $0.type), name: $0.name, address: $0.address)
            },
            provider: event.provider,
            run: event.run.map(Address.run),
            message: event.message,
            changes: changes,
            hasChanges: !changes.isEmpty,
            clientIP: event.clientIp,
            app: event.app,
            created: ShownTime(event.created),
            context: event.context.prettyText
        )
        let trail = [PageLink(title: texts("places.events"), address: .events)]
        return .page(PageContent(page, title: words.sentence(event), place: "events", trail: trail))
    }
}

/// The pages of the objects that events are about.
enum EventObjects {
    static func object(of event: EventEntry) -> (type: String, name: String, address: Address?)? {
        guard let object = event.object else { return nil }
        return (object.modelName, object.name, address(object, wasDeleted: event.action == "model_deleted"))
    }

    private static func address(_ object: EventEntry.Object, wasDeleted: Bool) -> Address? {
        guard !wasDeleted, !object.pk.isEmpty else { return nil }
        switch object.modelName {
        case "user": return .user(object.pk)
        case "group": return .group(object.pk)
        case "microsoftentraprovider": return .provider(object.pk)
        case "microsoftentraprovidermapping": return .mapping(object.pk)
        case "token": return .token(object.name)
        default: return nil
        }
    }
}

/// The template `events`.
struct EventLogPage: PageModel {
    static let template = "events"

    let filter: ShownEventFilter
    let views: [View]
    let hasViews: Bool
    let chart: BarDrawing
    let events: [ShownEvent]
    let isEmpty: Bool
    let empty: String
    /// The address of the newest events; nil if they are shown.
    let newest: String?
    let older: String?
    /// Whether the search has not looked through everything yet.
    let isSearchLimited: Bool
    /// The addresses of the exports.
    let csv: String
    let lines: String
    /// The filters that a saved view keeps.
    let kept: [HiddenField]
    let problem: String?
    /// The entered name of a view.
    let viewName: String

    struct View: TemplateValue {
        let name: String
        let address: String
        let delete: Address
        let isCurrent: Bool
    }
}

/// The template `event`.
struct EventPage: PageModel {
    static let template = "event"

    let action: String
    let who: String
    let via: String?
    let object: Object?
    let provider: String?
    let run: Address?
    let message: Message
    let changes: [ShownFieldChange]
    let hasChanges: Bool
    let clientIP: String?
    let app: String
    let created: ShownTime?
    let context: String

    struct Object: TemplateValue {
        let type: String
        let name: String
        let address: Address?
    }
}
