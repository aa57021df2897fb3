import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation
import HTTPTypes

/// `causeway/events/`: the log of events with what changed, from any place of it, however many events there are.
enum EventLogOperations {
    static let handlers: [String: APIHandler] = [
        "causeway_events_list": list, "causeway_events_retrieve": retrieve, "causeway_events_volume_retrieve": volume,
        "causeway_events_export_retrieve": export, "causeway_events_views_list": views,
        "causeway_events_views_create": saveView, "causeway_events_views_destroy": deleteView,
    ]

    @Sendable private static func list(_ request: APIRequest) async throws -> APIResponse {
        let query = request.query
        let limit = Int(max(1, min(500, query.integer("limit") ?? 50)))
        let page = try await request.store.read { transaction in
            let filter = try EventLogRequest.filter(query, at: transaction.now)
            return try transaction.eventLog(filter, before: query.integer("before"), limit: limit)
        }
        return .ok([
            "results": .array(page.events.map(EventLogAnswer.json)), "next": page.next.map { .integer($0) } ?? .null,
        ])
    }

    @Sendable private static func retrieve(_ request: APIRequest) async throws -> APIResponse {
        .ok(EventLogAnswer.json(try await request.store.read { try EventOperations.requested(request, in: $0) }))
    }

    @Sendable private static func volume(_ request: APIRequest) async throws -> APIResponse {
        let span = request.query.text("span").flatMap(EventVolume.Span.init) ?? .day
        let zone = try zone(request.query.text("time_zone"))
        return .ok(
            try await request.store.read { transaction in
                let filter = try EventLogRequest.filter(request.query, at: transaction.now)
                let volume = EventVolume(filter, span, in: zone, at: transaction.now)
                let (counts, since) = try transaction.eventLogVolume(volume.filter, span: EventVolume.piece)
                return volume.json(counts, since: since)
            }
        )
    }

    /// - Throws: ``APIError`` for a name that this system does not know.
    private static func zone(_ name: String?) throws -> TimeZone {
        guard let name else { return .gmt }
        guard let zone = TimeZone(identifier: name) else {
            throw APIError.invalid("time_zone", "'\(name)' is not a time zone; write it like 'Europe/Berlin'.")
        }
        return zone
    }

    @Sendable private static func export(_ request: APIRequest) async throws -> APIResponse {
        let filter = try EventLogRequest.filter(request.query, at: try await request.store.read { $0.now })
        if request.query.text("format") == "jsonl" {
            let export = EventExport(filter: filter, form: .lines)
            return ExportOperations.send(export, as: "events.jsonl", type: "application/x-ndjson", request)
        }
        let export = EventExport(filter: filter, form: .table)
        return ExportOperations.send(export, as: "events.csv", type: "text/csv; charset=utf-8", request)
    }

    // MARK: Saved views

    /// How many views a user may save.
    private static let mostViews = 100

    @Sendable private static func views(_ request: APIRequest) async throws -> APIResponse {
        let user = try request.caller.signedIn.id
        return .ok(.array(try await request.store.read { try $0.eventViews(of: user).map(json) }))
    }

    /// Saves a view for the caller; one of the same name is replaced.
    @Sendable private static func saveView(_ request: APIRequest) async throws -> APIResponse {
        let name = (request.text("name") ?? "").trimmed
        // As the database counts: scalars.
        guard (1...100).contains(name.unicodeScalars.count), !name.contains("\0") else {
            throw APIError.invalid("name", "Give the view a name of at most 100 characters.")
        }
        let filter = request.object("filter") ?? [:]
        if let unknown = filter.keys.sorted().first(where: { !EventLogRequest.parameters.contains($0) }) {
            throw APIError.invalid("filter", "'\(unknown)' is not a filter of the log.")
        }
        guard filter.values.allSatisfy({ ($0.string?.utf8.count ?? .max) <= 1000 }) else {
            throw APIError.invalid("filter", "The value of a filter is a text of at most 1,000 characters.")
        }
        let view = EventLogView(user: try request.caller.signedIn.id, name: name, filter: filter)
        try await request.store.write { transaction in
            let present = try transaction.eventViews(of: view.user)
            guard present.count < mostViews || present.contains(where: { $0.name == name }) else {
                throw APIError.invalid("non_field_errors", "You have \(mostViews) views; delete one first.")
            }
            try transaction.saveEventView(view)
        }
        return .created(json(view))
    }

    @Sendable private static func deleteView(_ request: APIRequest) async throws -> APIResponse {
        let user = try request.caller.signedIn.id
        try await request.store.write { transaction in
            guard let id = request.path.uuid("id"), try transaction.deleteEventView(id, of: user) else {
                throw APIError.notFound("View")
            }
        }
        return .noContent
    }

    private static func json(_ view: EventLogView) -> JSONValue {
        [
            "pk": .string(view.id.uuidString.lowercased()), "name": .string(view.name),
            "filter": .object(view.filter),
        ]
    }
}
