import CausewayJSON
import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayStore

@Suite("Rows of the database")
struct RowReadingTests {
    /// The value that a function reads from a row of a small table.
    private static func read<Value: Sendable>(
        _ sql: String,
        _ read: @escaping @Sendable (SQLRow) throws -> Value
    ) async throws -> Value? {
        let file = FileManager.default.temporaryDirectory.appending(path: "causeway-rows-\(UUID().uuidString).db")
        defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file.path + end) } }
        let engine = try SQLiteEngine(path: file.path)
        defer { try? engine.close() }
        return try await engine.write { connection in
            try connection.execute("CREATE TABLE pets (id INTEGER, name TEXT, born_at_ms INTEGER, photo BLOB)", [])
            try connection.execute("INSERT INTO pets VALUES (7, 'Rex', NULL, x'0102')", [])
            var found: Value?
            try connection.query(sql, []) { found = try read($0) }
            return found
        }
    }

    /// The error of reading a row of the table.
    private static func fault<Value: Sendable>(
        _ sql: String = "SELECT id, name, born_at_ms, photo FROM pets",
        _ read: @escaping @Sendable (SQLRow) throws -> Value
    ) async throws -> StoreError {
        try #require(await #expect(throws: StoreError.self) { try await Self.read(sql, read) })
    }

    @Test("columns are found by name, in any order")
    func names() async throws {
        for sql in ["SELECT id, name, photo FROM pets", "SELECT p.photo, p.name, p.id FROM pets p"] {
            let row = try #require(
                try await Self.read(sql) { [try $0.value("id"), try $0.value("name"), try $0.value("photo")] }
            )
            #expect(row == [.integer(7), .text("Rex"), .blob([1, 2])])
        }
        let sum = try await Self.read("SELECT COUNT(*) + id AS sum FROM pets") { try $0.int("sum") }
        #expect(sum == 8)
    }

    @Test("a name that the statement does not return, or returns twice, is an error that names column and statement")
    func unknownNames() async throws {
        for _ in 1...2 {
            let unknown = try await Self.fault("SELECT id,\n    name FROM pets") { try $0.text("nam") }
            #expect(unknown.message == "This statement returns no column 'nam': SELECT id, name FROM pets")
        }
        let optional = try await Self.fault { try $0.text(orNil: "owner") }
        #expect(optional.message.contains("no column 'owner'"))
        let twice = try await Self.fault("SELECT p.id, q.id FROM pets p JOIN pets q") { try $0.integer("id") }
        #expect(twice.message.hasPrefix("This statement returns several columns 'id': SELECT p.id"))
    }

    @Test("a column without a value is nil where that is allowed, and otherwise an error that names column and table")
    func missingValues() async throws {
        let statement = "SELECT born_at_ms, born_at_ms AS other FROM pets"
        let time = try #require(try await Self.read(statement) { [try $0.timestamp(orNil: "born_at_ms")] })
        #expect(time == [nil])
        let isNull = try await Self.read(statement) { try $0.isNull("born_at_ms") }
        #expect(isNull == true)
        let faults = [
            try await Self.fault { try $0.timestamp("born_at_ms") }, try await Self.fault { try $0.bool("born_at_ms") },
            try await Self.fault { try $0.text("born_at_ms") }, try await Self.fault { try $0.blob("born_at_ms") },
            try await Self.fault { try $0.object("born_at_ms") },
        ]
        for fault in faults {
            #expect(fault.code == .unreadable)
            #expect(fault.message.contains("its column 'born_at_ms' has no value"))
            #expect(fault.message.contains("FROM pets"))
        }
    }

    @Test("a value of another type is an error that names column and table, never another value")
    func wrongTypes() async throws {
        let faults = [
            ("name", "is not an integer", try await Self.fault { try $0.integer("name") }),
            ("name", "is not an integer", try await Self.fault { try $0.integer(orNil: "name") }),
            ("name", "is not a truth value", try await Self.fault { try $0.bool("name") }),
            ("name", "is not a sequence of bytes", try await Self.fault { try $0.blob("name") }),
            ("id", "is not a text", try await Self.fault { try $0.text("id") }),
            ("photo", "is not a text", try await Self.fault { try $0.text(orNil: "photo") }),
            ("name", "is not a UUID", try await Self.fault { try $0.uuid("name") }),
            ("name", "has the unknown word 'Rex'", try await Self.fault { try $0.word("name") as ObjectKind }),
            ("name", "is not JSON", try await Self.fault { try $0.json("name") }),
        ]
        for (column, fault, error) in faults {
            #expect(error.code == .unreadable)
            #expect(error.message.contains("its column '\(column)' \(fault)"))
            #expect(error.message.contains("FROM pets"))
        }
        let fraction = try await Self.fault("SELECT 0.5 AS half FROM pets") { try $0.integer("half") }
        #expect(fraction.message.contains("its column 'half' is not an integer"))
    }

    @Test("the error about a damaged row names its column and table")
    func damagedUser() async throws {
        try await StoreFixture.with { temporary in
            let user = try await temporary.store.write { try $0.createUser(UserProfile(username: "ada")) }
            try await temporary.store.write { transaction in
                try transaction.execute("UPDATE users SET attributes = '[1]' WHERE id = ?", SQLValue(user.id))
            }
            let error = await #expect(throws: StoreError.self) {
                try await temporary.store.read { _ = try $0.user(named: "ada") }
            }
            #expect(error?.message.contains("its column 'attributes' is not a JSON object") == true)
            #expect(error?.message.contains("FROM users u") == true)
        }
    }
}
