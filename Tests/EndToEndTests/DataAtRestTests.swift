import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation
import Glibc
import Testing

@Suite("The program's data on disk")
struct DataAtRestTests {
    private static let serving = ["serve", "--listen", "127.0.0.1:0", "--data"]

    private static func serve<Value: Sendable>(
        _ folder: URL,
        environment: [String: String] = [:],
        _ body: (RunningProgram, String) async throws -> Value
    ) async throws -> Value {
        try await RunningProgram.with(serving + [folder.path], environment: environment) { running in
            try await body(running, try await running.origin())
        }.value
    }

    private static func expectRefusal(_ arguments: [String], _ words: String..., environment: [String: String] = [:])
        async throws
    {
        let run = try await Program.run(arguments, environment: environment)
        #expect(run.status == 1, "\(arguments): \(run.output) \(run.errors)")
        for word in words { #expect(run.errors.contains(word), "'\(word)' is not in: \(run.errors)") }
        #expect(!run.errors.contains("Fatal error"))
    }

    private static func makeProvider(_ folder: URL) async throws {
        let run = try await Program.run(
            [
                "provider", "create", "Entra", "--tenant-id", "t", "--client-id", "c", "--cloud", "custom",
                "--login-endpoint", "http://127.0.0.1:1", "--graph-endpoint", "http://127.0.0.1:1/v1.0",
                "--application", "A", "--data", folder.path,
            ],
            environment: ["CAUSEWAY_CLIENT_SECRET": "a-client-secret"]
        )
        #expect(run.status == 0, "\(run.errors)")
    }

    /// With a umask that removes no permission.
    @Test("all files are for their owner only, whatever the umask, also while the program runs", .onlySQLite)
    func modes() async throws {
        try await TemporaryFolder.with { base in
            let folder = base.appending(path: "data")
            let arguments = ["-c", "umask 0; exec \"$0\" \"$@\"", Program.url.path] + Self.serving + [folder.path]
            _ = try await RunningProgram.with(arguments, at: URL(filePath: "/bin/sh")) { running in
                _ = try await running.origin()
                let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
                #expect(Set(["causeway.db", "causeway.db-wal", "causeway.lock", "secret.key"]).isSubset(of: files))
                for file in files + ["."] {
                    let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(file)")
                    let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue
                    #expect(mode == (file == "." ? 0o700 : 0o600), "\(file)")
                }
            }
        }
    }

    @Test("files that are open to others are closed to them, and the log says so", .onlySQLite)
    func tightening() async throws {
        try await TemporaryFolder.with { folder in
            _ = try await Program.run(["status", "--data", folder.path])
            for file in ["causeway.db", "secret.key"] { chmod("\(folder.path)/\(file)", 0o644) }
            chmod(folder.path, 0o755)
            let run = try await Program.run(["status", "--data", folder.path])
            #expect(run.status == 0)
            for word in [
                "Other users could access the data folder", "secret.key; its mode is 0600 now", "causeway.db; its mode",
            ] {
                #expect(run.errors.contains(word), "\(run.errors)")
            }
            let again = try await Program.run(["status", "--data", folder.path])
            #expect(again.errors == "")
        }
    }

    @Test("a lost or wrong key stops the server and every command, creates no other key, and diagnose names it")
    func key() async throws {
        try await TemporaryFolder.with { folder in
            try await Self.makeProvider(folder)
            let file = folder.appending(path: "secret.key")
            let key = try Data(contentsOf: file)
            let commands = [
                ["status"], ["sync", "Entra"], ["user", "list"], ["provider", "list"], ["schedule", "list"],
                ["serve", "--listen", "127.0.0.1:0"], ["plan", "Entra"], ["provider", "check", "Entra"],
            ]
            try FileManager.default.removeItem(at: file)
            for command in commands {
                try await Self.expectRefusal(command + ["--data", folder.path], "is missing", "secret.key", "backup")
                #expect(!FileManager.default.fileExists(atPath: file.path), "\(command)")
            }
            for (wrong, words) in [("another key, long enough to be one", "is not the one"), ("", "shorter than")] {
                try Data(wrong.utf8).write(to: file)
                chmod(file.path, 0o600)
                for command in commands { try await Self.expectRefusal(command + ["--data", folder.path], words) }
            }
            let given = ["CAUSEWAY_SECRET_KEY": "another key, long enough to be one"]
            try await Self.expectRefusal(["status", "--data", folder.path], "is not the one", environment: given)
            let diagnosis = try await Program.run(["diagnose", "--json", "--data", folder.path])
            #expect(diagnosis.status == 1)
            let subjects = try diagnosis.json.array?.filter { $0["ok"]?.bool == false }.compactMap {
                $0["subject"]?.string
            }
            #expect(subjects?.contains("secret key") == true)
            try key.write(to: file)
            #expect(try await Program.run(["status", "--data", folder.path]).status == 0)
            try await Self.expectRefusal(["config", "new-key", "--data", folder.path], "matches this database")
        }
    }

    @Test("after the loss of the key, new-key creates another one and names what to enter again")
    func newKey() async throws {
        try await TemporaryFolder.with { folder in
            try await Self.makeProvider(folder)
            try FileManager.default.removeItem(at: folder.appending(path: "secret.key"))
            let run = try await Program.run(["config", "new-key", "--data", folder.path])
            #expect(run.status == 0 && run.output.contains("provider update 'Entra'"), "\(run.errors)")
            let status = try await Program.run(["status", "--data", folder.path])
            #expect(status.status == 0 && status.output.contains("Entra"))
            let update = try await Program.run(
                ["provider", "update", "Entra", "--client-secret-stdin", "--data", folder.path],
                input: Array("another-secret\n".utf8)
            )
            #expect(update.status == 0, "\(update.errors)")
        }
    }

    @Test("a second server on one folder names the first one's process; commands work at the same time")
    func twoServers() async throws {
        try await TemporaryFolder.with { folder in
            let first = try await Self.serve(folder) { running, _ async throws in
                try await Self.expectRefusal(Self.serving + [folder.path], "process \(running.id)")
                #expect(try await Program.run(["status", "--data", folder.path]).status == 0)
                running.kill()
                return running.id
            }
            // The kernel has released the lock.
            try await Self.serve(folder) { running, _ in #expect(running.id != first) }
        }
    }

    @Test(
        "a database that was copied without its log while the server ran is refused, and can be accepted",
        .onlySQLite
    )
    func copy() async throws {
        try await TemporaryFolder.with { base in
            let (folder, copy) = (base.appending(path: "data"), base.appending(path: "copy"))
            let whole = base.appending(path: "whole")
            let people = base.appending(path: "people.csv")
            try Data("Username,Email\nada,ada@company.com\n".utf8).write(to: people)
            try await Self.serve(folder) { _, _ async throws in
                let run = try await Program.run(["import", "csv", people.path, "--data", folder.path])
                #expect(run.status == 0, "\(run.errors)")
                for (target, files) in [(copy, ["causeway.db"]), (whole, ["causeway.db", "causeway.db-wal"])] {
                    try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
                    for file in files + ["secret.key"] {
                        try FileManager.default.copyItem(
                            at: folder.appending(path: file),
                            to: target.appending(path: file)
                        )
                    }
                }
            }
            for command in [["status"], ["serve", "--listen", "127.0.0.1:0"], ["import", "csv", people.path]] {
                try await Self.expectRefusal(command + ["--data", copy.path], "copied while Causeway was running")
            }
            #expect(try await Program.run(["config", "accept-copy", "--data", copy.path]).status == 0)
            #expect(try await Program.run(["status", "--data", copy.path]).status == 0)
            for data in [whole, folder] {
                let status = try await Program.run(["status", "--data", data.path])
                #expect(status.status == 0 && status.output.hasPrefix("1 users"), "\(status.output) \(status.errors)")
            }
        }
    }

    @Test("the server is ready if the database can be written; it is alive regardless")
    func readiness() async throws {
        try await TemporaryFolder.with { folder in
            try await Self.serve(folder) { _, origin async throws in
                #expect(try await HTTP.text("GET", origin + "/-/health/ready/").status == 204)
                let store = try await Store.open(dataFolder: folder)
                let (locked, isLocked) = AsyncStream.makeStream(of: Void.self)
                let release = DispatchSemaphore(value: 0)
                async let holding: Void = store.write { transaction in
                    _ = try transaction.createUser(UserProfile(username: "ada"))
                    isLocked.finish()
                    release.wait()
                }
                for await _ in locked {}
                while try await HTTP.text("GET", origin + "/-/health/ready/").status != 503 {}
                #expect(try await HTTP.text("GET", origin + "/-/health/live/").status == 204)
                release.signal()
                try await holding
                while try await HTTP.text("GET", origin + "/-/health/ready/").status != 204 {}
                try store.close()
            }
        }
    }

    @Test("the server is not ready if its disk is almost full")
    func fullDisk() async throws {
        try await TemporaryFolder.with { folder in
            let environment = ["CAUSEWAY_MINIMUM_FREE_SPACE": "1000000000"]
            try await Self.serve(folder, environment: environment) { _, origin async throws in
                #expect(try await HTTP.text("GET", origin + "/-/health/ready/").status == 503)
                #expect(try await HTTP.text("GET", origin + "/-/health/live/").status == 204)
            }
            try await Self.expectRefusal(
                Self.serving + [folder.path],
                "minimum_free_space",
                environment: ["CAUSEWAY_MINIMUM_FREE_SPACE": "much"]
            )
        }
    }

    /// Only root can mount a file system.
    @Test(
        "serve refuses a folder that it cannot write, and says why",
        .enabled(if: geteuid() == 0),
        arguments: [
            ("mount --bind \"$DATA\" \"$DATA\" && mount -o remount,bind,ro \"$DATA\"", "mounted read-only"),
            (
                "mount -t tmpfs -o size=4k,mode=700 none \"$DATA\" && { cat /dev/zero >\"$DATA/x\" || true; }",
                "no space left"
            ),
        ]
    )
    func unwritable(_ mount: String, _ words: String) async throws {
        try await TemporaryFolder.with { folder in
            let script = "\(mount) 2>/dev/null && exec \"$0\" serve --listen 127.0.0.1:0 --data \"$DATA\""
            let run = try await Program.run(
                ["-m", "/bin/sh", "-c", script, Program.url.path],
                at: URL(filePath: "/usr/bin/unshare"),
                environment: ["DATA": folder.path]
            )
            #expect(run.status == 1 && run.errors.contains(words), "\(run.output) \(run.errors)")
        }
    }

    @Test("serve refuses a file instead of the folder")
    func fileInPlace() async throws {
        try await TemporaryFolder.with { folder in
            let file = folder.appending(path: "file")
            try Data("x".utf8).write(to: file)
            try await Self.expectRefusal(Self.serving + [file.path], "is a file, not a folder")
            try await Self.expectRefusal(Self.serving + [file.path + "/inside"], "cannot be created")
        }
    }
}
