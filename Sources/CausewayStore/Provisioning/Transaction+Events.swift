import CausewayJSON
package import CausewayModel
import Foundation

extension Event {
    static let table = RecordTable<Event>(
        "events",
        [
            Column("id") { SQLValue($0.id) },
            Column("action") { .text($0.action) },
            Column("app") { .text($0.app) },
            Column("actor") { .text($0.actor) },
            Column("context") { SQLValue(json: $0.context) },
            Column("created_at_ms") { SQLValue($0.created) },
            Column("client_ip") { SQLValue($0.clientIP) },
        ]
    )
}

extension Transaction {
    static let events = "SELECT \(Event.table.selection("e")) FROM events e"

    /// Stores an event.
    package func insertEvent(_ event: Event) throws {
        try connection.execute(Event.table.insertion, try Event.table.values(of: event))
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
