import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Opening a PostgreSQL database", .onlyPostgreSQL)
struct PostgreSQLOpeningTests {
    private static func refusal(_ open: () async throws -> Store) async throws -> StoreError {
        try #require(await #expect(throws: StoreError.self) { try await open() })
    }

    @Test("a new database gets the schema, and a second opening finds what is stored")
    func twice() async throws {
        try await ServerDatabase.with { database in
            let store = try await database.open()
            try await store.write { try $0.createUser(UserProfile(username: "ada")) }
            let again = try await database.open()
            #expect(again.installationID == store.installationID)
            #expect(try await again.read { try $0.user(named: "ada") } != nil)
        }
    }

    @Test("several programs that open a new database at once create it once")
    func together() async throws {
        try await ServerDatabase.with { database in
            let ids = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 1...4 { group.addTask { try await database.open().installationID } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(ids.count == 1)
        }
    }

    @Test("a database that contains something else is refused, and stays as it is")
    func otherContent() async throws {
        try await ServerDatabase.with { database in
            try await database.run("CREATE TABLE invoices (id BIGINT)")
            let error = try await Self.refusal { try await database.open() }
            #expect(error.code == .unsuitable && error.message.contains("the table 'invoices'"))
            try await database.run("DROP TABLE invoices")
            try await database.open().close()
        }
    }

    @Test("a user who may not create tables is refused with what to do")
    func withoutRights() async throws {
        try await ServerDatabase.with { database in
            let user = "user_\(database.name)"
            try await database.run("CREATE ROLE \(user) LOGIN")
            let error = try await Self.refusal { try await database.open(at: database.url(for: user)) }
            #expect(error.code == .readOnly && error.message.contains("permission denied"))
            try await database.run("ALTER DATABASE \(database.name) OWNER TO \(user)")
            try await database.open(at: database.url(for: user)).close()
            try await database.run("REASSIGN OWNED BY \(user) TO postgres; DROP OWNED BY \(user); DROP ROLE \(user)")
        }
    }

    @Test("a database with a limit of connections that is reached can be tried again")
    func noConnectionLeft() async throws {
        try await ServerDatabase.with { database in
            let user = "user_\(database.name)"
            try await database.run("CREATE ROLE \(user) LOGIN CONNECTION LIMIT 0")
            let error = try await Self.refusal { try await database.open(at: database.url(for: user)) }
            #expect(error.code == .unavailable && error.message.contains("no connection left"))
            try await database.run("DROP ROLE \(user)")
        }
    }

    @Test("a database that cannot store all characters is refused")
    func encoding() async throws {
        try await ServerDatabase.with { database in
            let other = "latin_\(database.name)"
            try await database.run(
                "CREATE DATABASE \(other) ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"
            )
            let url = database.url.replacing(database.name, with: other)
            let error = try await Self.refusal { try await database.open(at: url) }
            #expect(error.code == .unsuitable && error.message.contains("LATIN1"))
            try await database.run("DROP DATABASE \(other) WITH (FORCE)")
        }
    }

    @Test("a database that does not exist is refused with its name")
    func missing() async throws {
        try await ServerDatabase.with { database in
            let url = database.url.replacing(database.name, with: "nowhere")
            let error = try await Self.refusal { try await database.open(at: url) }
            #expect(error.code == .unsuitable && error.message.contains("database \"nowhere\" does not exist"))
        }
    }

    @Test(
        "no message repeats a password",
        arguments: [
            ("postgres://ada:hush-hush@127.0.0.1:1/causeway", StoreError.Code.unavailable),
            ("postgres://ada:hush-hush%@127.0.0.1/causeway", .unsuitable),
            ("postgres://ada:hush-hush@127.0.0.1/causeway?sslmod=require", .unsuitable),
            ("postgres://ada:hush-hush@127.0.0.1:1/causeway?service=nothing-of-this-name", .unavailable),
        ]
    )
    func passwords(_ url: String, _ code: StoreError.Code) async throws {
        let error = try await Self.refusal {
            try await Store.open(
                at: .server(PostgreSQLAddress(url: url)),
                secrets: SecretBox(keyText: StoreFixture.keyText)
            )
        }
        #expect(error.code == code && !error.message.contains("hush"))
    }
}
