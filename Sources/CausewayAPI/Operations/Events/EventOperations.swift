import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation

/// `events/events/`
enum EventOperations {
    static let handlers: [String: APIHandler] = [
        "events_events_list": list, "events_events_create": create, "events_events_retrieve": retrieve,
        "events_events_update": update, "events_events_partial_update": update, "events_events_destroy": destroy,
        "events_events_actions_list": actions, "events_events_export_create": export,
        "events_events_stats_retrieve": stats, "events_events_top_per_user_list": topPerUser,
        "events_events_volume_list": volume,
    ]

    @Sendable private static func list(_ request: APIRequest) async throws -> APIResponse {
        let list = try ListRequest(request)
        let filter = filter(request)
        let page = try await request.store.read { try $0.eventPage(filter, list.slice) }
        return try list.envelope(count: page.count, page.rows.map(json))
    }

    private static func filter(_ request: APIRequest) -> EventFilter {
        let query = request.query
        var filter = EventFilter()
        filter.terms = ListRequest.terms(of: request.query)
        (filter.actionPart, filter.actions) = (query.text("action"), query.texts("actions"))
        (filter.username, filter.clientIP) = (query.text("username"), query.text("client_ip"))
        filter.contextApp = query.text("context_model_app")
        filter.contextModelName = query.text("context_model_name")
        filter.contextModelKey = query.text("context_model_pk")
        return filter
    }

    @Sendable private static func retrieve(_ request: APIRequest) async throws -> APIResponse {
        .ok(json(try await request.store.read { try requested(request, in: $0) }))
    }

    @Sendable private static func create(_ request: APIRequest) async throws -> APIResponse {
        let event = try await request.store.write { transaction in
            let event = Event(
                action: request.text("action") ?? "",
                app: request.text("app") ?? "",
                actor: request.caller.user?.username ?? "",
                context: request.object("context") ?? [:],
                created: transaction.now,
                clientIP: request.source.clientIP
            )
            try transaction.insertEvent(event)
            return event
        }
        return .created(json(event))
    }

    /// A log must not be rewritten: what was recorded about a change stays as it is. A client may correct what it recorded
    /// itself.
    @Sendable private static func update(_ request: APIRequest) async throws -> APIResponse {
        let event = try await request.store.write { transaction in
            let before = try requested(request, in: transaction)
            guard !before.app.hasPrefix("causeway."), before.actor != "causeway" else {
                throw APIError.invalid("non_field_errors", "Events that Causeway recorded cannot be changed.")
            }
            let event = Event(
                id: before.id,
                action: request.text("action") ?? before.action,
                app: request.text("app") ?? before.app,
                actor: before.actor,
                context: request.object("context") ?? before.context,
                created: before.created,
                clientIP: before.clientIP
            )
            try transaction.updateEvent(event)
            return event
        }
        return .ok(json(event))
    }

    @Sendable private static func destroy(_ request: APIRequest) async throws -> APIResponse {
        try await request.store.write { transaction in
            let event = try requested(request, in: transaction)
            try transaction.deleteEvent(event.id)
            let key = event.id.uuidString.lowercased()
            try request.record(.deleted, .event, key, event.action, in: transaction)
        }
        return .noContent
    }

    @Sendable private static func actions(_ request: APIRequest) async throws -> APIResponse {
        .ok(
            .array(
                EventAction.all.map { action in
                    let words = action.replacingOccurrences(of: "_", with: " ")
                    return [
                        "name": .string(words.prefix(1).uppercased() + words.dropFirst()), "description": "",
                        "component": .string(action), "model_name": "", "icon_url": "", "requires_enterprise": false,
                        "deprecated": false,
                    ]
                }
            )
        )
    }

    /// There are no files to hand out; the list gives everything page by page.
    @Sendable private static func export(_ request: APIRequest) async throws -> APIResponse {
        throw APIError.invalid(
            "non_field_errors",
            "Causeway keeps no files for later; download the events from causeway/events/export/."
        )
    }

    @Sendable private static func stats(_ request: APIRequest) async throws -> APIResponse {
        let filter = filter(request)
        let steps = try request.query.texts("count_steps").map { text in
            guard let span = DurationText(text) else {
                throw APIError.invalid("count_steps", "'\(text)' is not a duration; write it like 'days=1'.")
            }
            return (name: text.replacingOccurrences(of: "=", with: ""), duration: span.duration)
        }
        let json: JSONValue = try await request.store.read { transaction in
            var counts: [String: JSONValue] = [:]
            for step in steps {
                var recent = filter
                recent.since = transaction.now - step.duration
                let slice = ListSlice(offset: 0, limit: 1, order: [])
                counts[step.name] = .integer(Int64(try transaction.eventPage(recent, slice).count))
            }
            let sample = try transaction.eventPage(filter, ListSlice(offset: 0, limit: 10_000, order: []))
            return [
                "unique_users": .integer(Int64(Set(sample.rows.map(\.actor)).count)), "count_step": .object(counts),
            ]
        }
        return .ok(json)
    }

    @Sendable private static func topPerUser(_ request: APIRequest) async throws -> APIResponse {
        let filter = filter(request)
        let most = Int(request.query.integer("top_n") ?? 15)
        let rows = try await request.store.read { transaction in
            try transaction.eventPage(filter, ListSlice(offset: 0, limit: 10_000, order: [])).rows
        }
        let byApplication = Dictionary(grouping: rows) { $0.context["authorized_application"] ?? .null }
        let found = byApplication.filter { !$0.key.isNull }.sorted { $0.value.count > $1.value.count }.prefix(
            max(0, most)
        )
        return .ok(
            .array(
                found.map { application, events in
                    [
                        "application": application, "counted_events": .integer(Int64(events.count)),
                        "unique_users": .integer(Int64(Set(events.map(\.actor)).count)),
                    ]
                }
            )
        )
    }

    @Sendable private static func volume(_ request: APIRequest) async throws -> APIResponse {
        let filter = filter(request)
        let days = min(max(request.query.integer("history_days") ?? 7, 1), 365)
        let volume = try await request.store.read { transaction in
            let since = transaction.now - .seconds(days * 86_400)
            return try transaction.eventVolume(filter, since: since, bucket: .seconds(6 * 3600))
        }
        return .ok(
            .array(
                volume.map { entry in
                    [
                        "action": .string(EventAction.known(entry.action)), "time": .string(APITime.text(entry.time)),
                        "count": .integer(Int64(entry.count)),
                    ]
                }
            )
        )
    }
}

extension EventOperations {
    static func requested(_ request: APIRequest, in transaction: Transaction) throws -> Event {
        guard let key = request.path.uuid("event_uuid"), let event = try transaction.event(key) else {
            throw APIError.notFound("Event")
        }
        return event
    }

    private static func json(_ event: Event) -> JSONValue {
        [
            "pk": .string(event.id.uuidString.lowercased()),
            "user": ["pk": 0, "username": .string(event.actor), "email": ""],
            "action": .string(EventAction.known(event.action)), "app": .string(event.app),
            "context": .object(EventAction.context(of: event)), "client_ip": JSONValue(event.clientIP),
            "created": .string(APITime.text(event.created)),
            "expires": .string(APITime.text(event.created + .seconds(365 * 86_400))), "brand": [:],
        ]
    }
}
