import CausewayModel
import CausewayTestSupport
import Foundation
import Synchronization
import Testing

@testable import CausewayStore

@Suite("A PostgreSQL server that fails", .onlyPostgreSQL)
struct PostgreSQLFailureTests {
    private static func names(in store: Store) async throws -> [String] {
        try await store.read { transaction in
            try transaction.all("SELECT username FROM users ORDER BY id") { try $0.text("username") }
        }
    }

    @Test("a commit whose answer is lost is made once", arguments: [CommitCutter.Cut.before, .after])
    func lostAnswer(_ cut: CommitCutter.Cut) async throws {
        try await OwnServer.with { server in
            try await TemporaryFolder.with { folder in
                let cutter = try CommitCutter(folder: folder, server: server.folder)
                defer { cutter.close() }
                let store = try await server.open(at: cutter.url)
                let runs = Atomic(0)
                cutter.cutNext(cut)
                let made = try await store.write { transaction in
                    runs.add(1, ordering: .relaxed)
                    return try transaction.createUser(UserProfile(username: "ada"))
                }
                #expect(runs.load(ordering: .relaxed) == (cut == .before ? 2 : 1))
                #expect(try await Self.names(in: store) == ["ada"])
                #expect(try await store.read { try $0.user(made.id)?.profile.username } == "ada")
                try store.close()
            }
        }
    }

    @Test("a transaction in which the server is killed runs again when the server is back")
    func killed() async throws {
        try await OwnServer.with { server in
            let store = try await server.open()
            try await store.write { _ = try $0.createUser(UserProfile(username: "ada")) }
            let (inside, isInside) = AsyncStream.makeStream(of: Void.self)
            let goOn = DispatchSemaphore(value: 0)
            let runs = Atomic(0)
            async let writing: Void = store.write { transaction in
                _ = try transaction.createUser(UserProfile(username: "bert"))
                if runs.add(1, ordering: .relaxed).newValue == 1 {
                    isInside.finish()
                    goOn.wait()
                }
                _ = try transaction.createUser(UserProfile(username: "carl"))
            }
            for await _ in inside {}
            try await server.stop(.immediate)
            goOn.signal()
            async let reading = Self.names(in: store)
            try await server.start()
            try await writing
            #expect(try await ["ada"] == reading.prefix(1))
            #expect(try await Self.names(in: store) == ["ada", "bert", "carl"])
            #expect(runs.load(ordering: .relaxed) == 2)
            try store.close()
        }
    }

    @Test("a replica is refused until it is promoted; with the addresses of both, writes go on after a failover")
    func failover() async throws {
        try await OwnServer.with("wal_level = replica") { primary in
            try await primary.query("SELECT 1")
            let before = try await primary.open()
            try await before.write { _ = try $0.createUser(UserProfile(username: "ada")) }
            try before.close()
            try await primary.withReplica { replica in
                let error = await #expect(throws: StoreError.self) { try await replica.open() }
                #expect(
                    error?.code == .unavailable && error?.message.contains("replica") == true,
                    "\(String(describing: error))"
                )
                let both = "postgres://postgres@/postgres?host=\(replica.folder.path),\(primary.folder.path)"
                let store = try await primary.open(at: both)
                try await store.write { _ = try $0.createUser(UserProfile(username: "bert")) }
                // The replica receives everything before the primary ends.
                try await primary.stop(.fast)
                try await replica.promote()
                try await store.write { _ = try $0.createUser(UserProfile(username: "carl")) }
                #expect(try await Self.names(in: store) == ["ada", "bert", "carl"])
                try store.close()
                try await replica.open().close()
            }
            try await primary.start()
        }
    }

    @Test("a database that is set to be only read is refused")
    func onlyRead() async throws {
        try await ServerDatabase.with { database in
            try await database.run("ALTER DATABASE \(database.name) SET default_transaction_read_only = on")
            let error = await #expect(throws: StoreError.self) { try await database.open() }
            #expect(
                error?.code == .unavailable && error?.message.contains("only be read") == true,
                "\(String(describing: error))"
            )
        }
    }
}
