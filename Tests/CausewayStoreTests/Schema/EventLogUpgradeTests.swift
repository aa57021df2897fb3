import CausewayJSON
import CausewayModel
import Foundation
import Testing

@testable import CausewayStore

@Suite("The events of an earlier version")
struct EventLogUpgradeTests {
    @Test("they get numbers in the order of their times, and are found by object, provider and words")
    func events() async throws {
        try await EarlierDatabase.with(version: 26, Self.fill) { database in
            try await database.upgraded { try Self.check($0) }
        }
    }

    private static func check(_ transaction: Transaction) throws {
        func found(_ change: (inout EventLogFilter) -> Void) throws -> [String] {
            var filter = EventLogFilter()
            change(&filter)
            return try transaction.eventLog(filter, limit: 10).events.map(\.action)
        }
        let all = ["model_updated", "configuration_error", "approval_required"]
        #expect(try found { _ in } == all)
        #expect(try found { $0.references = [EventReference("user", "7")] } == ["model_updated"])
        #expect(try found { $0.objectName = "ada" } == ["model_updated"])
        #expect(try found { $0.references = [.provider(ProviderID(1))] } == Array(all.dropFirst()))
        #expect(try found { $0.terms = ["configuration"] } == ["configuration_error"])
        let ada = EventObject(app: "authentik_core", type: "user", key: "7", name: "ada")
        try transaction.record(.deleted, ada, by: EventOrigin(actor: "root", channel: .api))
        #expect(try found { _ in } == ["model_deleted"] + all)
        #expect(try found { $0.objectName = "ada" } == ["model_deleted", "model_updated"])
    }

    /// A provider and three events, which were not stored in the order of their times.
    private static func fill(_ transaction: Transaction) throws {
        try EarlierDatabase.insertProvider(transaction)
        let ada = EventObject(app: "authentik_core", type: "user", key: "7", name: "ada")
        try insert("model_updated", 3000, ["model": ada.json], transaction)
        try insert("approval_required", 1000, ["provider": "Entra"], transaction)
        try insert("configuration_error", 2000, ["provider": ["pk": 1, "name": "Entra"]], transaction)
    }

    private static func insert(
        _ action: String,
        _ time: Int64,
        _ context: [String: JSONValue],
        _ transaction: Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO events (id, action, app, actor, context, created_at_ms)
            VALUES (?, ?, 'causeway.api', 'root', ?, ?)
            """,
            SQLValue(UUID()),
            .text(action),
            SQLValue(json: context),
            .integer(time)
        )
    }
}
