package import CausewayJSON
package import CausewayModel
package import Foundation

/// A filter of the log that a user has saved under a name.
package struct EventLogView: Hashable, Sendable {
    package let id: UUID
    package let user: UserID
    /// Unique among the user's.
    package let name: String
    /// The API's parameters of the filter, by name.
    package let filter: [String: JSONValue]

    package init(id: UUID = UUID(), user: UserID, name: String, filter: [String: JSONValue]) {
        (self.id, self.user, self.name, self.filter) = (id, user, name, filter)
    }
}

extension Transaction {
    private static let eventViews = "SELECT v.id, v.user_id, v.name, v.filter FROM event_views v"

    /// The views of a user, by name.
    package func eventViews(of user: UserID) throws -> [EventLogView] {
        try all("\(Self.eventViews) WHERE v.user_id = ? ORDER BY v.name", SQLValue(user), as: Self.eventView)
    }

    /// Saves a view; one of the same name is replaced.
    package func saveEventView(_ view: EventLogView) throws {
        try execute(
            """
            INSERT INTO event_views (id, user_id, name, filter) VALUES (?, ?, ?, ?)
            ON CONFLICT (user_id, name) DO UPDATE SET id = excluded.id, filter = excluded.filter
            """,
            SQLValue(view.id),
            SQLValue(view.user),
            .text(view.name),
            SQLValue(json: view.filter)
        )
    }

    /// Deletes a view.
    ///
    /// - Returns: whether the user had it.
    package func deleteEventView(_ id: UUID, of user: UserID) throws -> Bool {
        try executeAndCount("DELETE FROM event_views WHERE id = ? AND user_id = ?", SQLValue(id), SQLValue(user)) > 0
    }

    private static func eventView(_ row: SQLRow) throws -> EventLogView {
        EventLogView(
            id: try row.uuid("id"),
            user: try row.id("user_id"),
            name: try row.text("name"),
            filter: try row.object("filter")
        )
    }
}
