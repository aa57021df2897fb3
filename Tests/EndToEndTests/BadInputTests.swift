import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation
import Testing

@Suite("The program's messages about wrong input")
struct BadInputTests {
    private static let secret = ["CAUSEWAY_CLIENT_SECRET": "emulated-secret-value"]

    private func expectSentence(_ run: Program, _ words: String..., status: Int32 = 1) {
        #expect(run.status == status, "\(run.output) \(run.errors)")
        for word in words { #expect(run.errors.contains(word), "'\(word)' is not in: \(run.errors)") }
        #expect(!run.errors.contains("Fatal error") && !run.errors.contains("Traceback"))
    }

    @Test("a wrong secret, an unknown tenant and an unknown client are told apart")
    func credentials() async throws {
        try await TemporaryFolder.with { folder in
            try await TenantProgram.with { tenant in
                let data = folder.path
                let wrong = ["CAUSEWAY_CLIENT_SECRET": "not-the-secret"]
                _ = try await Program.run(tenant.providerArguments("Wrong secret", data: data), environment: wrong)
                let run = try await Program.run(["sync", "Wrong secret", "--data", data])
                expectSentence(run, "The client secret is wrong", "create a new secret")
                #expect(!run.errors.contains("not-the-secret"))

                var arguments = tenant.providerArguments("Wrong tenant", data: data)
                arguments[4] = "99999999-0000-4000-8000-000000000000"
                arguments[try #require(arguments.firstIndex(of: "Entra ID"))] = "Second"
                _ = try await Program.run(arguments, environment: Self.secret)
                expectSentence(
                    try await Program.run(["sync", "Wrong tenant", "--data", data]),
                    "There is no tenant '99999999-0000-4000-8000-000000000000'"
                )
            }
        }
    }

    @Test(
        "every command refuses an invalid setting in one sentence",
        arguments: [["config"], ["config", "--json"], ["status"], ["diagnose"], ["serve", "--listen", "127.0.0.1:0"]]
    )
    func settings(_ command: [String]) async throws {
        try await TemporaryFolder.with { folder in
            let sentence = "The setting mapping_types must be 'lenient' or 'strict', not 'maybe'."
            let arguments = command + ["--data", folder.path]
            let variable = try await Program.run(arguments, environment: ["CAUSEWAY_MAPPING_TYPES": "maybe"])
            expectSentence(variable, sentence)
            try Data("mapping_types: maybe\n".utf8).write(to: folder.appending(path: "causeway.yaml"))
            let file = try await Program.run(arguments)
            expectSentence(file, sentence)
        }
    }

    @Test("an unreachable tenant and an unknown provider are named")
    func unreachable() async throws {
        try await TemporaryFolder.with { folder in
            let arguments = [
                "provider", "create", "Nowhere", "--tenant-id", "t", "--client-id", "c", "--cloud", "custom",
                "--login-endpoint", "http://127.0.0.1:1", "--graph-endpoint", "http://127.0.0.1:1/v1.0",
                "--application",
                "A", "--data", folder.path,
            ]
            _ = try await Program.run(arguments, environment: Self.secret)
            let check = try await Program.run(["provider", "check", "Nowhere", "--data", folder.path])
            #expect(check.status == 1)
            #expect(check.output.contains("The sign-in service cannot be reached"))
            expectSentence(
                try await Program.run(["sync", "Elsewhere", "--data", folder.path]),
                "There is no provider 'Elsewhere'; existing: 'Nowhere'."
            )
        }
    }

    @Test("the message about a broken expression names the mapping and the line")
    func brokenExpression() async throws {
        try await TemporaryFolder.with { folder in
            try await TenantProgram.with { tenant in
                let mapping = folder.appending(path: "broken.py")
                try Data("x = 1\nreturn {'display_name': request.user.nme}\n".utf8).write(to: mapping)
                let people = folder.appending(path: "people.csv")
                try Data("Username,Email\nada,ada@company.com\n".utf8).write(to: people)
                _ = try await Program.run(["import", "csv", people.path, "--data", folder.path])
                let arguments = tenant.providerArguments(
                    "Entra",
                    data: folder.path,
                    further: ["--user-mapping", mapping.path]
                )
                _ = try await Program.run(arguments, environment: Self.secret)
                let run = try await Program.run(["sync", "Entra", "--data", folder.path])
                #expect(run.status == 2)
                #expect(run.output.contains("did you mean 'name'?"), "\(run.output)")
                #expect(run.output.contains("Mapping 'broken', line 2"))

                try Data("return {".utf8).write(to: mapping)
                expectSentence(
                    try await Program.run(
                        tenant.providerArguments(
                            "Again",
                            data: folder.path,
                            further: ["--user-mapping", mapping.path, "--dry-run"]
                        ),
                        environment: Self.secret
                    ),
                    "Mapping 'broken', line 1, column 8: SyntaxError"
                )
                let stored = try await Program.run(["mapping", "show", "broken", "--data", folder.path])
                #expect(stored.output.contains("request.user.nme"), "the expression that was refused is not stored")
            }
        }
    }

    @Test("the message about a file that cannot be imported names the reason")
    func unreadableFiles() async throws {
        try await TemporaryFolder.with { folder in
            let data = ["--data", folder.path]
            expectSentence(
                try await Program.run(["import", "csv", "/nonexistent.csv"] + data),
                "There is no file /nonexistent.csv"
            )
            expectSentence(try await Program.run(["import", "csv", "/tmp"] + data), "is a folder")
            let binary = folder.appending(path: "binary.csv")
            try Data([0, 1, 2, 3]).write(to: binary)
            expectSentence(try await Program.run(["import", "csv", binary.path] + data), "is not a text file")
            let headless = folder.appending(path: "headless.csv")
            try Data("Colour,Shape\nred,round\n".utf8).write(to: headless)
            expectSentence(
                try await Program.run(["import", "csv", headless.path] + data),
                "No column names the user. Columns: 'Colour', 'Shape'"
            )
        }
    }

    @Test("the message about a port in use names it")
    func portInUse() async throws {
        try await TenantProgram.with { tenant in
            let port = URL(string: tenant.endpoints["login_endpoint"]?.string ?? "")?.port ?? 0
            expectSentence(
                try await Program.run(["tenant", "--listen", "127.0.0.1:\(port)"]),
                "Port \(port) of 127.0.0.1 is in use"
            )
            try await TemporaryFolder.with { folder in
                expectSentence(
                    try await Program.run(["serve", "--listen", "127.0.0.1:\(port)", "--data", folder.path]),
                    "Port \(port) of 127.0.0.1 is in use"
                )
            }
        }
    }

    @Test("the message about an unusable data folder or database names the reason")
    func unusableData() async throws {
        try await TemporaryFolder.with { folder in
            let file = folder.appending(path: "file")
            try Data("x".utf8).write(to: file)
            expectSentence(try await Program.run(["status", "--data", file.path + "/inside"]), "cannot be created")
            expectSentence(
                try await Program.run(["status", "--data", folder.path, "--database", "mysql://ada:hush@x"]),
                "must be the address of a PostgreSQL database"
            )
            expectSentence(
                try await Program.run([
                    "status", "--data", folder.path, "--database", "postgres://ada:hush@127.0.0.1:1/x",
                ]),
                "The database cannot be reached"
            )
        }
    }

    @Test("the message about a damaged database says so", .onlySQLite)
    func damagedDatabase() async throws {
        try await TemporaryFolder.with { folder in
            try Data(repeating: 7, count: 9000).write(to: folder.appending(path: "causeway.db"))
            expectSentence(try await Program.run(["status", "--data", folder.path]), "damaged or not a database")
        }
    }

    @Test("the message about a locked database says so", .onlySQLite)
    func lockedDatabase() async throws {
        try await TemporaryFolder.with { folder in
            _ = try await Program.run(["status", "--data", folder.path])
            let store = try await Store.open(dataFolder: folder)
            let (locked, isLocked) = AsyncStream.makeStream(of: Void.self)
            let release = DispatchSemaphore(value: 0)
            async let holding: Void = store.write { transaction in
                _ = try transaction.createUser(UserProfile(username: "ada", name: "Ada", email: "ada@company.com"))
                isLocked.finish()
                release.wait()
            }
            for await _ in locked {}
            let people = folder.appending(path: "people.csv")
            try Data("Username,Email\nbo,bo@company.com\n".utf8).write(to: people)
            let run = try await Program.run(["import", "csv", people.path, "--data", folder.path])
            release.signal()
            try await holding
            expectSentence(run, "The database is locked by another process; wait until it has finished, or stop it.")
            #expect(try await store.read { try $0.userCounts().all } == 1)
            try store.close()
        }
    }

    /// A file format that only a newer SQLite may write: readable and not writable, for root too, which file modes do not stop.
    @Test("the message about a read-only database says so", .onlySQLite)
    func readOnlyDatabase() async throws {
        try await TemporaryFolder.with { folder in
            _ = try await Program.run(["status", "--data", folder.path])
            let file = try FileHandle(forUpdating: folder.appending(path: "causeway.db"))
            try file.seek(toOffset: 18)
            try file.write(contentsOf: Data([3]))
            try file.close()
            let people = folder.appending(path: "people.csv")
            try Data("Username,Email\nbo,bo@company.com\n".utf8).write(to: people)
            let run = try await Program.run(["import", "csv", people.path, "--data", folder.path])
            expectSentence(
                run,
                "The database cannot be written; give this user write permission for its file and folder."
            )
        }
    }
}
