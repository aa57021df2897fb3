import CausewayJSON
package import CausewayModel
package import Foundation

/// The filter of a list of events; what is nil or empty filters nothing.
package struct EventFilter: Sendable {
    /// Words that must be found in action, app, actor, context, address or key.
    package var terms: [String] = []
    /// Part of the action.
    package var actionPart: String?
    package var actions: [String] = []
    /// The actor, or the user that the context names.
    package var username: String?
    package var clientIP: String?
    package var contextApp: String?
    package var contextModelName: String?
    /// With hyphens or without.
    package var contextModelKey: String?
    package var since: Timestamp?

    package init() {}

    /// What only the context shows; nil if that is not needed.
    fileprivate var matches: ((Event) -> Bool)? {
        guard let username else { return nil }
        return { $0.actor == username || $0.context["username"]?.string == username }
    }
}

extension Transaction {
    private static let eventFields = [
        "created": "e.created_at_ms", "action": "e.action", "app": "e.app", "client_ip": "e.client_ip",
        "user": "e.actor",
        "pk": "e.id",
    ]

    private func query(_ filter: EventFilter) -> ListQuery {
        var query = ListQuery(
            "events e",
            key: "e.id",
            fields: Self.eventFields,
            standard: .descending("e.created_at_ms")
        )
        query.add(filter.terms, in: ["e.id", "e.action", "e.app", "e.actor", "e.context", "COALESCE(e.client_ip, '')"])
        if let part = filter.actionPart { query.add([part], in: ["e.action"]) }
        if !filter.actions.isEmpty { query.add("e.action", isOneOf: filter.actions.map { .text($0) }) }
        if let address = filter.clientIP { query.add("e.client_ip = ?", .text(address)) }
        if let since = filter.since { query.add("e.created_at_ms >= ?", SQLValue(since)) }
        if let name = filter.username { query.add("e.actor = ? OR e.context LIKE '%\"username\"%'", .text(name)) }
        addModel(filter, to: &query)
        return query
    }

    private func addModel(_ filter: EventFilter, to query: inout ListQuery) {
        if let app = filter.contextApp { query.add("e.object_app = ?", .text(app)) }
        if let type = filter.contextModelName { query.add("e.object_type = ?", .text(type)) }
        guard let key = filter.contextModelKey.map(EventReference.bare) else { return }
        query.add("e.object_key = ?", .text(key))
        guard let type = filter.contextModelName else { return }
        query.add(
            "e.number IN (SELECT o.number FROM event_objects o WHERE o.object_type = ? AND o.object_key = ?)",
            .text(type),
            .text(key)
        )
    }

    /// A page of events, the newest first if no order is requested.
    package func eventPage(_ filter: EventFilter, _ slice: ListSlice) throws -> ListPage<Event> {
        try page(query(filter), slice, key: Self.eventKey, rows: events, where: filter.matches)
    }

    /// The number of events of each action in each span of time.
    ///
    /// - Parameter bucket: the length of a span.
    package func eventVolume(_ filter: EventFilter, since: Timestamp, bucket: Duration) throws -> [(
        action: String, time: Timestamp, count: Int
    )] {
        var filter = filter
        filter.since = since
        let length = max(1, bucket.wholeMilliseconds)
        var counts: [String: [Int64: Int]] = [:]
        if let matches = filter.matches {
            try forEach(query(filter), key: Self.eventKey, rows: events) { event in
                guard matches(event) else { return }
                counts[event.action, default: [:]][event.created.milliseconds / length, default: 0] += 1
            }
        } else {
            try query(filter).counts(by: ["e.action", "e.created_at_ms / ? AS span"], .integer(length), in: self) {
                row in
                counts[try row.text("action"), default: [:]][try row.integer("span")] = try row.int("count")
            }
        }
        return counts.flatMap { action, spans in
            spans.map { (action: action, time: Timestamp(milliseconds: $0.key * length), count: $0.value) }
        }.sorted { ($0.time, $0.action) < ($1.time, $1.action) }
    }

    private static func eventKey(_ row: SQLRow) throws -> UUID { try row.uuid("key") }

    private func events(_ keys: [UUID]) throws -> [Event] { try keys.compactMap { try event($0) } }

    /// The event with that key.
    package func event(_ id: UUID) throws -> Event? {
        try first("\(Self.events) WHERE e.id = ?", SQLValue(id), as: Self.event)
    }

    /// Changes the content of an event.
    package func updateEvent(_ event: Event) throws {
        try execute(
            """
            UPDATE events SET action = ?, app = ?, context = ?, object_app = ?, object_type = ?, object_key = ?, object_name = ?
            WHERE id = ?
            """,
            .text(event.action),
            .text(event.app),
            SQLValue(json: event.context),
            SQLValue(event.object?.app),
            SQLValue(event.object?.type),
            SQLValue(event.object?.reference.key),
            SQLValue(event.object?.name),
            SQLValue(event.id)
        )
        let number = try first("SELECT e.number FROM events e WHERE e.id = ?", SQLValue(event.id)) {
            try $0.integer("number")
        }
        guard let number else { return }
        try execute("DELETE FROM event_objects WHERE number = ?", .integer(number))
        try saveReferences(of: event, number)
    }

    /// Deletes an event.
    package func deleteEvent(_ id: UUID) throws {
        try execute("DELETE FROM events WHERE id = ?", SQLValue(id))
    }
}
