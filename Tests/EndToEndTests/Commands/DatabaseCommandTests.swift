import CausewayJSON
import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayStore

@Suite("causeway database")
struct DatabaseCommandTests {
    /// A data folder with an installation in SQLite.
    private static func fill(_ folder: URL, users: Int) async throws {
        let made = try await Program.run(
            ["user", "list", "--data", folder.path],
            environment: ["CAUSEWAY_DATABASE": ""]
        )
        #expect(made.status == 0, "\(made.errors)")
        let store = try await Store.open(at: place(folder), secrets: secrets(folder))
        try await store.write { transaction in
            let group = try transaction.createGroup(GroupProfile(name: "Everybody"))
            for number in 1...users {
                let user = try transaction.createUser(UserProfile(username: "user\(number)"))
                try transaction.addMember(user.id, to: group.id)
            }
        }
        try store.close()
    }

    private static func place(_ folder: URL) -> DatabasePlace { .file(folder.appending(path: "causeway.db").path) }

    private static func secrets(_ folder: URL) throws -> SecretBox {
        try SecretBox(keyText: KeyFile(path: folder.appending(path: "secret.key").path).key(mayBeMade: false))
    }

    /// Where a copy goes to: PostgreSQL if the tests have a server, otherwise another data folder.
    private static func withTarget(_ folder: URL, _ body: (String, DatabasePlace) async throws -> Void) async throws {
        let isDone = try await ServerDatabase.with { database in
            try await body(database.url, .server(try PostgreSQLAddress(url: database.url)))
            return true
        }
        guard isDone == nil else { return }
        let target = folder.appending(path: "target", directoryHint: .isDirectory)
        try await body(target.path, place(target))
    }

    private static func isUnfinished(_ place: DatabasePlace) async throws -> Bool {
        let engine = try await place.engine()
        defer { try? engine.close() }
        return try await engine.reading { try $0.unfinishedCopy() != nil }
    }

    private static func hasUsers(_ place: DatabasePlace) async -> Bool {
        guard (try? await Store.hasContent(at: place)) == true, let engine = try? await place.engine() else {
            return false
        }
        defer { try? engine.close() }
        return (try? await engine.read { try $0.number("SELECT COUNT(*) AS count FROM users") }) ?? 0 > 0
    }

    @Test("a copy that ended in the middle goes on, there and back, and both pass the check")
    func interrupted() async throws {
        try await TemporaryFolder.with { folder in
            let source = folder.appending(path: "source", directoryHint: .isDirectory)
            try await Self.fill(source, users: 6000)
            try await Self.withTarget(folder) { address, place in
                let arguments = ["database", "copy", source.path, address]
                if case .file = place {
                    // Files that may not grow beyond a part of the copy, in blocks of 512 bytes: it ends in the middle on any machine.
                    let limited = ["-c", "ulimit -f 3000; exec \"$0\" \"$@\"", Program.url.path] + arguments
                    let full = try await Program.run(limited, at: URL(filePath: "/bin/sh"))
                    #expect(
                        full.status == 1 && full.errors.contains("The database cannot be written"),
                        "\(full.errors)"
                    )
                    #expect(try await Self.isUnfinished(place))
                }
                _ = try await RunningProgram.with(arguments) { program in
                    while !program.hasEnded, await !Self.hasUsers(place) { try await Task.sleep(for: .milliseconds(2)) }
                    program.kill()
                }
                let rest = try await Program.run(arguments)
                #expect(rest.status == 0, "\(rest.errors)")
                #expect(rest.output.contains("every table has the same rows") && rest.output.contains("secret.key"))
                let again = try await Program.run(arguments)
                #expect(again.status == 0 && again.output.contains("was copied before"), "\(again.errors)")
                let back = folder.appending(path: "back", directoryHint: .isDirectory)
                let returned = try await Program.run(["database", "copy", address, back.path, "--json"])
                #expect(returned.status == 0, "\(returned.errors)")
                let users = try returned.json["tables"]?.array?.first { $0["name"] == "users" }
                #expect(users?["rows"] == 6000)
                let check = try await Program.run(
                    ["database", "check", "--data", back.path],
                    environment: ["CAUSEWAY_DATABASE": ""]
                )
                #expect(check.status == 0 && !check.output.contains("damaged"), "\(check.output) \(check.errors)")
                let other = try await Program.run(
                    ["database", "check", "--data", source.path],
                    environment: ["CAUSEWAY_DATABASE": PostgreSQLAddress.isOne(address) ? address : ""]
                )
                #expect(other.status == 0, "\(other.output) \(other.errors)")
            }
        }
    }

    @Test("what cannot be copied is refused with a sentence, and nothing is made")
    func refusals() async throws {
        try await TemporaryFolder.with { folder in
            let (source, target) = (folder.appending(path: "source"), folder.appending(path: "target"))
            let missing = try await Program.run(["database", "copy", source.path, target.path])
            #expect(missing.status == 1 && missing.errors.contains("There is no data folder"), "\(missing.errors)")
            #expect(!FileManager.default.fileExists(atPath: target.path))
            try await Self.fill(source, users: 1)
            let same = try await Program.run([
                "database", "copy", source.path, source.appending(path: "causeway.db").path,
            ])
            #expect(same.status == 1 && same.errors.contains("the same database"), "\(same.errors)")
            let address = try await Program.run(["database", "copy", source.path, "mysql://root:geheim@host/db"])
            #expect(
                address.status == 1 && address.errors.contains("neither a data folder")
                    && !address.errors.contains("geheim")
            )
            let lock = try FolderLock(DataFolder(path: source.path))
            let used = try await Program.run(["database", "copy", source.path, target.path])
            withExtendedLifetime(lock) {}
            #expect(
                used.status == 1 && used.errors.contains("Another program of Causeway, process")
                    && used.errors.contains("stop it first"),
                "\(used.errors)"
            )
        }
    }

    @Test("damage is told, and the status is 1")
    func damage() async throws {
        try await TemporaryFolder.with { folder in
            try await Self.fill(folder, users: 2)
            let store = try await Store.open(at: Self.place(folder), secrets: Self.secrets(folder))
            try await store.write { try $0.execute("DELETE FROM user_search") }
            try store.close()
            let arguments = ["database", "check", "--data", folder.path]
            let check = try await Program.run(arguments, environment: ["CAUSEWAY_DATABASE": ""])
            #expect(
                check.status == 1 && check.output.contains("Users that no search finds: 2"),
                "\(check.output) \(check.errors)"
            )
            let json = try await Program.run(arguments + ["--json"], environment: ["CAUSEWAY_DATABASE": ""]).json
            #expect(json.array?.filter { $0["ok"] == false }.count == 1)
            let repaired = try await Program.run(
                arguments + ["--repair-search"],
                environment: ["CAUSEWAY_DATABASE": ""]
            )
            #expect(
                repaired.status == 0 && repaired.output.contains("repaired: 2"),
                "\(repaired.output) \(repaired.errors)"
            )
            let lock = try FolderLock(DataFolder(path: folder.path))
            let next = try await Program.run(arguments, environment: ["CAUSEWAY_DATABASE": ""])
            withExtendedLifetime(lock) {}
            #expect(next.status == 0 && next.output.contains("because a server runs"), "\(next.output) \(next.errors)")
        }
    }
}
