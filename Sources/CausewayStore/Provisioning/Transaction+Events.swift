import CausewayJSON
package import CausewayModel
import Foundation

extension Transaction {
    static let eventColumns = "id, action, app, actor, context, created_at_ms, client_ip"

    /// Remembers an event.
    package func insertEvent(_ event: Event) throws {
        try execute(
            "INSERT INTO events (\(Self.eventColumns)) VALUES (?, ?, ?, ?, ?, ?, ?)",
            .text(event.id.uuidString.lowercased()),
            .text(event.action),
            .text(event.app),
            .text(event.actor),
            SQLValue(json: event.context),
            SQLValue(event.created),
            SQLValue(event.clientIP)
        )
    }

    /// The latest events first.
    package func events(limit: Int) throws -> [Event] {
        try all(
            "SELECT \(Self.eventColumns) FROM events ORDER BY created_at_ms DESC, id LIMIT ?",
            .integer(Int64(limit)),
            as: Self.event
        )
    }

    static func event(_ row: any SQLRow) throws -> Event {
        Event(
            id: (try row.uuid(0) as RunID).rawValue,
            action: try row.requiredText(1),
            app: try row.requiredText(2),
            actor: try row.requiredText(3),
            context: try row.object(4),
            created: try row.timestamp(5),
            clientIP: row.text(6)
        )
    }
}
