import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation
import Testing

@Suite("A pooler in front of PostgreSQL", .onlyPostgreSQL)
struct PgBouncerTests {
    /// Runs PgBouncer in front of a server.
    ///
    /// - Parameter mode: its `pool_mode`.
    private static func with(_ mode: String, _ body: (OwnServer, String) async throws -> Void) async throws {
        try await OwnServer.with { server in
            let folder = server.folder.path
            let file = server.folder.appending(path: "pgbouncer.ini")
            let url = "postgres://postgres@:6432/postgres?host=\(folder)"
            let settings = """
                [databases]
                postgres = host=\(folder) user=postgres
                [pgbouncer]
                unix_socket_dir = \(folder)
                listen_port = 6432
                auth_type = any
                pool_mode = \(mode)

                """
            try Data(settings.utf8).write(to: file)
            let script =
                #"[ "$(id -u)" -ne 0 ] || set -- setpriv --reuid=postgres --regid=postgres --init-groups "$@"; exec "$@""#
            let arguments = ["-c", script, "sh", "/usr/sbin/pgbouncer", file.path]
            _ = try await RunningProgram.with(arguments, at: URL(filePath: "/bin/sh")) { running async throws -> Void in
                while !server.answers(at: url) {
                    try #require(!running.hasEnded)
                    try await Task.sleep(for: .milliseconds(20))
                }
                try await body(server, url)
            }
        }
    }

    @Test("a pooler that gives each connection a session is taken")
    func session() async throws {
        try await Self.with("session") { server, url in
            let store = try await server.open(at: url)
            try await store.write { _ = try $0.createUser(UserProfile(username: "ada")) }
            #expect(try await store.read { try $0.user(named: "ada") } != nil)
            try store.close()
        }
    }

    @Test(
        "a pooler that gives each transaction or statement another connection is refused",
        arguments: ["transaction", "statement"]
    )
    func transaction(_ mode: String) async throws {
        try await Self.with(mode) { server, url in
            let error = await #expect(throws: StoreError.self) { try await server.open(at: url) }
            #expect(
                error?.code == .unsuitable && error?.message.contains("pool_mode = session") == true,
                "\(String(describing: error))"
            )
        }
    }
}
