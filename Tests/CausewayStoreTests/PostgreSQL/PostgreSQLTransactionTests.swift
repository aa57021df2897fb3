import CausewayModel
import CausewayTestSupport
import Dispatch
import Synchronization
import Testing

@testable import CausewayStore

@Suite("Transactions of PostgreSQL", .onlyPostgreSQL)
struct PostgreSQLTransactionTests {
    @Test("writes of several programs follow each other, so that each sees what the one before has written")
    func serial() async throws {
        try await ServerDatabase.with { database in
            let stores = [try await database.open(), try await database.open(), try await database.open()]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        try await stores[number % 3].write { transaction in
                            let count = try transaction.userCounts().all
                            _ = try transaction.createUser(UserProfile(username: "user\(count)"))
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await stores[0].read { try $0.userCounts().all } == 60)
        }
    }

    @Test("a transaction whose connection the server ends runs again")
    func endedByServer() async throws {
        try await ServerDatabase.with { database in
            let store = try await database.open()
            let end = """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = '\(database.name)' AND application_name = 'causeway'
                """
            try await database.run(end)
            try await store.write { try $0.createUser(UserProfile(username: "ada")) }
            _ = try await store.read { try $0.userCounts() }
            try await database.run(end)
            #expect(try await store.read { try $0.user(named: "ada") } != nil)
        }
    }

    @Test(
        "a program that is stopped in the middle of a write keeps others waiting for seconds only, and writes when it goes on",
        .timeLimit(.minutes(30))
    )
    func stoppedWriter() async throws {
        try await ServerDatabase.with { database in
            let (stopped, other) = (try await database.open(), try await database.open())
            let (begun, begin) = AsyncStream.makeStream(of: Void.self)
            let goOn = DispatchSemaphore(value: 0)
            let attempts = Mutex(0)
            async let written = stopped.write { transaction in
                _ = try transaction.createUser(UserProfile(username: "ada"))
                let attempt = attempts.withLock { attempts in
                    attempts += 1
                    return attempts
                }
                // The server has received what was sent; then comes nothing.
                guard attempt == 1 else { return }
                _ = try transaction.userCounts()
                begin.yield()
                _ = goOn.wait(timeout: .now() + 600)
            }
            for await _ in begun { break }
            // What need not wait does not.
            _ = try await other.writeRows { try $0.noteLife(of: "unknown") }
            _ = try await other.write { try $0.createUser(UserProfile(username: "bert")) }
            goOn.signal()
            _ = try await written
            #expect(attempts.withLock { $0 } == 2)
            #expect(try await other.read { try $0.userCounts().all } == 2)
        }
    }

    @Test("after an error that was caught, the transaction is not committed unless the part was an attempt")
    func failedPart() async throws {
        try await ServerDatabase.with { database in
            let store = try await database.open()
            try await store.write { transaction in
                _ = try transaction.createUser(UserProfile(username: "ada"))
                let error = #expect(throws: StoreError.self) {
                    try transaction.attempt { _ = try transaction.createUser(UserProfile(username: "ada")) }
                }
                #expect(error?.message == "There is already one with this username.")
            }
            #expect(try await store.read { try $0.userCounts().all } == 1)
            await #expect(throws: StoreError.self) {
                try await store.write { transaction in
                    _ = try transaction.createUser(UserProfile(username: "bert"))
                    _ = try? transaction.createUser(UserProfile(username: "ada"))
                }
            }
            #expect(try await store.read { try $0.userCounts().all } == 1)
        }
    }

    @Test("what is not met ends every later statement, whatever the closure catches, and the connection goes on")
    func notMet() async throws {
        try await ServerDatabase.with { database in
            let store = try await database.open()
            let error = await #expect(throws: StoreError.self) {
                try await store.write { transaction in
                    try transaction.connection.require("SELECT 1 WHERE 1 = 0", [], orThrow: .leaseLost)
                    for _ in 0..<3 {
                        #expect(throws: StoreError.self) { _ = try transaction.userCounts() }
                        _ = try? transaction.createUser(UserProfile(username: "ada"))
                    }
                }
            }
            #expect(error?.code == .leaseLost)
            try await store.write { try $0.createUser(UserProfile(username: "bert")) }
            #expect(try await store.read { try $0.userCounts().all } == 1)
        }
    }

    @Test("after a read that ends early or with an error, the next one works")
    func endedReads() async throws {
        try await ServerDatabase.with { database in
            let store = try await database.open()
            let numbers = "SELECT n FROM generate_series(1, 100000) n"
            for _ in 0..<20 {
                await #expect(throws: StoreError.self) {
                    try await store.read { _ = try $0.first("SELECT 1 / (SELECT COUNT(*) FROM users) AS n") { _ in 1 } }
                }
                await #expect(throws: CancellationError.self) {
                    try await store.read { try $0.connection.query(numbers, []) { _ in throw CancellationError() } }
                }
                try await store.read { transaction in
                    var sum: Int64 = 0
                    // The inner statement fetches what is left of the outer one.
                    try transaction.connection.query("SELECT n FROM generate_series(1, 5) n", []) { row in
                        sum += try row.integer("n")
                        sum += Int64(try transaction.userCounts().all)
                    }
                    #expect(sum == 15)
                }
                try await store.read { _ in }
                #expect(try await store.read { try $0.all(numbers) { try $0.integer("n") }.count } == 100_000)
            }
        }
    }

    /// An error of its class would let the whole transaction run again.
    @Test("an attempt that the server cannot do ends nothing but itself")
    func unsupportedAttempt() async throws {
        try await ServerDatabase.with { database in
            let store = try await database.open()
            let error = await #expect(throws: StoreError.self) {
                try await store.write { transaction in
                    #expect(throws: StoreError.self) {
                        try transaction.attempt {
                            try transaction.execute("SELECT id FROM users GROUP BY id FOR UPDATE")
                        }
                    }
                    throw StoreError(.notFound, "the closure's own")
                }
            }
            #expect(error?.code == .notFound)
        }
    }

    @Test("statements within the rows of another see everything, and so do the rows")
    func nested() async throws {
        try await ServerDatabase.with { database in
            let store = try await database.open()
            try await store.write { transaction in
                for number in 1...50 { _ = try transaction.createUser(UserProfile(username: "user\(number)")) }
            }
            let ids = try await store.read { transaction in
                var ids: [UserID] = []
                try transaction.connection.query("SELECT id FROM users ORDER BY id", []) { row in
                    let id: UserID = try row.id("id")
                    if try transaction.user(id) != nil { ids.append(id) }
                }
                return ids
            }
            #expect(ids.map(\.rawValue) == Array(1...50))
        }
    }

    @Test("many different statements are prepared, and the first of them again")
    func manyStatements() async throws {
        try await ServerDatabase.with { database in
            let store = try await database.open()
            let sum = try await store.read { transaction in
                try (0..<2200).reduce(0) { sum, number in
                    try sum + transaction.count("SELECT \(number % 1100) AS count")
                }
            }
            #expect(sum == 1099 * 1100)
        }
    }
}
