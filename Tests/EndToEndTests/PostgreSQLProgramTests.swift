import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation
import Testing

@Suite("The program with PostgreSQL", .onlyPostgreSQL)
struct PostgreSQLProgramTests {
    @Test("serve waits for its database at the start, is not ready while it is away, and goes on when it is back")
    func waiting() async throws {
        try await OwnServer.with { server in
            try await server.stop(.fast)
            try await TemporaryFolder.with { folder in
                let arguments = ["serve", "--listen", "127.0.0.1:0", "--data", folder.path]
                _ = try await RunningProgram.with(arguments, environment: ["CAUSEWAY_DATABASE": server.url]) {
                    running async throws -> Void in
                    while !running.errors.contains(where: { $0.contains("waiting for the database") }) {
                        try #require(!running.hasEnded, "\(running.errors)")
                        try await Task.sleep(for: .milliseconds(20))
                    }
                    try await server.start()
                    let origin = try await running.origin()
                    func becomes(_ status: Int) async throws {
                        while try await HTTP.text("GET", origin + "/-/health/ready/").status != status {}
                    }
                    try await becomes(204)
                    try await server.stop(.immediate)
                    try await becomes(503)
                    #expect(try await HTTP.text("GET", origin + "/-/health/live/").status == 204)
                    try await server.start()
                    try await becomes(204)
                }
            }
        }
    }

    @Test("the address can be in a service file, and a dump that is restored elsewhere has everything")
    func serviceAndDump() async throws {
        try await OwnServer.with { server in
            try await TemporaryFolder.with { folder in
                let services = folder.appending(path: "services")
                let access = "host=\(server.folder.path)\nuser=postgres\n"
                let text = "[causeway]\ndbname=postgres\n\(access)[restored]\ndbname=restored\n\(access)"
                try Data(text.utf8).write(to: services)
                func run(_ arguments: String..., service: String) async throws -> Program {
                    let environment = [
                        "PGSERVICEFILE": services.path, "CAUSEWAY_DATABASE": "postgres:///?service=\(service)",
                    ]
                    return try await Program.run(arguments + ["--data", folder.path], environment: environment)
                }
                let created = try await run("user", "create", "ada", service: "causeway")
                #expect(created.status == 0, "\(created.errors)")
                let dump =
                    "createdb -h $0 -U postgres restored && pg_dump -h $0 -U postgres postgres | psql -qb -h $0 -U postgres restored"
                let copied = try await Program.run(["-c", dump, server.folder.path], at: URL(filePath: "/bin/bash"))
                #expect(copied.status == 0 && copied.errors.isEmpty, "\(copied.errors)")
                for service in ["causeway", "restored"] {
                    let list = try await run("user", "list", service: service)
                    #expect(list.status == 0 && list.output.contains("ada"), "\(list.output) \(list.errors)")
                }
            }
        }
    }
}
