import CausewayJSON
package import CausewayModel
import Foundation

/// A row of the table `events`.
struct EventRow {
    /// Its place in the log: a later event has a higher number.
    let number: Int64
    let event: Event

    static let table = RecordTable<EventRow>(
        "events",
        [
            Column("id") { SQLValue($0.event.id) },
            Column("number") { .integer($0.number) },
            Column("action") { .text($0.event.action) },
            Column("app") { .text($0.event.app) },
            Column("actor") { .text($0.event.actor) },
            Column("context") { SQLValue(json: $0.event.context) },
            Column("created_at_ms") { SQLValue($0.event.created) },
            Column("client_ip") { SQLValue($0.event.clientIP) },
            .derived("object_app") { SQLValue($0.event.object?.app) },
            .derived("object_type") { SQLValue($0.event.object?.type) },
            .derived("object_key") { SQLValue($0.event.object?.reference.key) },
            .derived("object_name") { SQLValue($0.event.object?.name) },
        ]
    )
}

extension Transaction {
    static let events = "SELECT \(EventRow.table.selection("e")) FROM events e"

    /// Stores an event, at the end of the log.
    package func insertEvent(_ event: Event) throws {
        let row = EventRow(number: try take(of: "events"), event: event)
        try connection.execute(EventRow.table.insertion, try EventRow.table.values(of: row))
        try saveReferences(of: event, row.number)
    }

    func saveReferences(of event: Event, _ number: Int64) throws {
        for reference in event.references {
            try execute(
                "INSERT INTO event_objects (object_type, object_key, number) VALUES (?, ?, ?)",
                .text(reference.type),
                .text(reference.key),
                .integer(number)
            )
        }
    }

    /// The latest events first.
    package func events(limit: Int) throws -> [Event] {
        try all(
            "\(Self.events) ORDER BY e.created_at_ms DESC, e.id LIMIT ?",
            .integer(Int64(limit)),
            as: Self.event
        )
    }

    static func event(_ row: SQLRow) throws -> Event {
        Event(
            id: try row.uuid("id"),
            action: try row.text("action"),
            app: try row.text("app"),
            actor: try row.text("actor"),
            context: try row.object("context"),
            created: try row.timestamp("created_at_ms"),
            clientIP: try row.text(orNil: "client_ip")
        )
    }
}
