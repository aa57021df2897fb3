import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation
import Testing

@Suite("Backup and restore on the command line", .onlySQLite)
struct BackupCommandTests {
    private static let environment = [
        "CAUSEWAY_CLIENT_SECRET": "emulated-secret-value", "CAUSEWAY_CONSISTENCY_WINDOW": "0",
    ]

    private static func run(_ arguments: String..., data: URL) async throws -> Program {
        try await Program.run(arguments + ["--data", data.path], environment: environment)
    }

    private static func expectRefusal(_ arguments: String..., data: URL, _ words: String) async throws {
        let refused = try await Program.run(arguments + ["--data", data.path], environment: environment)
        #expect(refused.status == 1 && refused.errors.contains(words), "\(arguments): \(refused.errors)")
        #expect(!refused.errors.contains("Fatal error"))
    }

    private static func mode(_ path: String) throws -> Int? {
        (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
    }

    // MARK: A running server

    @Test(
        "a server goes on while its database is backed up; the backup is restored elsewhere, and not while a server runs"
    )
    func served() async throws {
        try await TemporaryFolder.with { base in
            let (target, other) = (base.appending(path: "backup.db"), base.appending(path: "other"))
            try await ServedProgram.with { served in
                let made = try await served.send("POST", "/core/users/", ["username": "ada", "name": "Ada"])
                #expect(made.status == 201)
                let backup = try await Self.run("backup", target.path, "--json", data: served.folder)
                #expect(backup.status == 0, "\(backup.errors)")
                #expect(try backup.json["counts"]?["users"] == 2)
                #expect(try Self.mode(target.path) == 0o600)
                #expect(
                    try await served.send("POST", "/core/users/", ["username": "bob", "name": "Bob"]).status == 201
                )
                try await Self.expectRefusal("backup", target.path, data: served.folder, "exists")
                try await Self.expectRefusal(
                    "backup",
                    served.folder.appending(path: "own.db").path,
                    data: served.folder,
                    "in the data folder itself"
                )
                try await Self.expectRefusal(
                    "restore",
                    target.path,
                    "--replace",
                    data: served.folder,
                    "uses the data folder"
                )
                let again = try await Self.run("backup", target.path, "--force", "--with-key", data: served.folder)
                #expect(again.status == 0 && again.output.contains("3 users"), "\(again.output) \(again.errors)")
                #expect(try Self.mode(target.path + ".key") == 0o600)
                try await Self.expectRefusal(
                    "restore",
                    target.path,
                    "--key-file",
                    served.folder.appending(path: "causeway.db").path,
                    data: other,
                    "secret key"
                )
                let restored = try await Self.run("restore", target.path, data: other)
                #expect(
                    restored.status == 0 && restored.output.contains("3 users"),
                    "\(restored.output) \(restored.errors)"
                )
                try await ServedProgram.serving(other, key: served.key) { copy in
                    let users = try await copy.send("GET", "/core/users/?username=bob")
                    #expect(users.body["results"]?.array?.count == 1)
                }
            }
        }
    }

    @Test("restore refuses a folder that is in use, a lost key, and what is no backup; what it replaces is kept")
    func refusals() async throws {
        try await TemporaryFolder.with { base in
            let (folder, other) = (base.appending(path: "data"), base.appending(path: "other"))
            let backup = base.appending(path: "backup.db").path
            try await Self.expectRefusal("backup", backup, data: folder, "no database")
            _ = try await Self.run("user", "create", "ada", data: folder)
            #expect(try await Self.run("backup", backup, data: folder).status == 0)
            _ = try await Self.run("user", "create", "bob", data: folder)
            try await Self.expectRefusal("restore", backup, data: folder, "--replace")
            try await Self.expectRefusal("restore", backup, data: other, "is missing")
            #expect(!FileManager.default.fileExists(atPath: other.appending(path: "causeway.db").path))
            try Data("hello".utf8).write(to: base.appending(path: "text"))
            let text = base.appending(path: "text").path
            try await Self.expectRefusal("restore", text, "--replace", data: folder, "is not a database")
            #expect(try await Self.run("user", "list", data: folder).output.contains("bob"))
            let restored = try await Self.run("restore", backup, "--replace", "--json", data: folder)
            #expect(restored.status == 0, "\(restored.errors)")
            let users = try await Self.run("user", "list", data: folder).output
            #expect(users.contains("ada") && !users.contains("bob"))
            let former = try restored.json["former"]?.string ?? ""
            #expect(try former.contains("causeway.db.replaced-") && Self.mode(former) == 0o600)
            // What it has replaced is itself a database that can be restored.
            #expect(try await Self.run("restore", former, "--replace", data: folder).status == 0)
            #expect(try await Self.run("user", "list", data: folder).output.contains("bob"))
            let lost = try await Self.run("restore", backup, "--lost-key", data: other)
            #expect(lost.status == 0 && lost.output.contains("new-key"), "\(lost.errors)")
            #expect(try await Self.run("config", "new-key", data: other).status == 0)
            #expect(try await Self.run("user", "list", data: other).output.contains("ada"))
        }
    }

    // MARK: A tenant that has moved on

    private static func change(_ folder: URL, _ change: @Sendable (Transaction) throws -> Void) async throws {
        let store = try await Store.open(dataFolder: folder)
        try await store.write(change)
        try store.close()
    }

    private static func sync(_ folder: URL, _ status: Int32 = 0) async throws -> Program {
        let done = try await run("sync", "Entra", "--unpaced", "--json", data: folder)
        #expect(done.status == status, "\(done.output) \(done.errors)")
        return done
    }

    /// A tenant with what was synced, the backup of that, and what happened after it.
    private static func withRestored(_ body: @Sendable (URL, TenantClient) async throws -> Void) async throws {
        try await TemporaryFolder.with { base in
            try await TenantProgram.with { tenant in
                let (folder, backup) = (base.appending(path: "data"), base.appending(path: "backup.db").path)
                let guarded = ["--guard-max-count", "1000", "--guard-max-percent", "100"]
                let created = try await Program.run(
                    tenant.providerArguments("Entra", data: folder.path, further: guarded),
                    environment: environment
                )
                #expect(created.status == 0, "\(created.errors)")
                try await change(folder) { transaction in
                    let users = try (1...6).map { try transaction.addUser("u\($0)") }
                    let team = try transaction.createGroup(GroupProfile(name: "Team"))
                    for user in users.prefix(4) { try transaction.addMember(user, to: team.id) }
                }
                _ = try await sync(folder)
                try await change(folder) { transaction in
                    let late = try transaction.addUser("late")
                    try transaction.addMember(late, to: try transaction.createGroup(GroupProfile(name: "Late")).id)
                }
                #expect(try await run("backup", backup, data: folder).status == 0)
                _ = try await sync(folder)
                try await change(folder) { try moveOn($0) }
                _ = try await sync(folder)
                let client = try await TenantClient(tenant.endpoints)
                let members = try await client.memberNames()
                #expect(members["Team"] == ["u2@company.com", "u3@company.com", "u4@company.com", "u5@company.com"])
                #expect(members["New"] == ["n1@company.com"] && members["Late"] == ["late@company.com"])
                let restored = try await run("restore", backup, "--replace", data: folder)
                #expect(restored.status == 0, "\(restored.errors)")
                try await body(folder, client)
            }
        }
    }

    /// What people do after the backup.
    private static func moveOn(_ transaction: Transaction) throws {
        guard let team = try transaction.group(named: "Team")?.id, let first = try transaction.user(named: "u1")?.id,
            let fifth = try transaction.user(named: "u5")?.id, let last = try transaction.user(named: "u6")?.id
        else { return }
        try transaction.removeMember(first, from: team)
        try transaction.addMember(fifth, to: team)
        try transaction.deleteUser(last)
        let new = try transaction.createGroup(GroupProfile(name: "New"))
        try transaction.addMember(try transaction.addUser("n1"), to: new.id)
        _ = try transaction.addUser("n2")
    }

    @Test(
        "after a restore nothing is doubled, what would be taken away waits although the guard allows it, and all converges"
    )
    func movedOn() async throws {
        try await Self.withRestored { folder, tenant in
            let status = try await Self.run("status", data: folder)
            #expect(status.output.contains("restored from a backup"), "\(status.output)")
            let before = try await tenant.counters()["writes"]
            let plan = try await Self.run("plan", "Entra", data: folder)
            #expect(plan.status == 0)
            #expect(try await tenant.counters()["writes"] == before)
            let first = try await Self.sync(folder, 3)
            let message = try first.json["message"]?.string ?? ""
            #expect(message.contains("restored from a backup"), "\(message)")
            var members = try await tenant.memberNames()
            // What was lost is added again; nothing is taken away.
            #expect(
                members["Team"] == [
                    "u1@company.com", "u2@company.com", "u3@company.com", "u4@company.com", "u5@company.com",
                ]
            )
            #expect(members["Late"] == ["late@company.com"] && members["New"] == ["n1@company.com"])
            // The files that the directory comes from are imported again.
            try await Self.change(folder) { transaction in
                let new = try transaction.createGroup(GroupProfile(name: "New"))
                try transaction.addMember(try transaction.addUser("n1"), to: new.id)
                _ = try transaction.addUser("n2")
            }
            let second = try await Self.sync(folder, 3)
            let run = try second.json["run"]?.string ?? ""
            let approved = try await Self.run(
                "plan",
                "approve",
                run,
                "--by",
                "grace",
                "--unpaced",
                "--json",
                data: folder
            )
            #expect(approved.status == 0, "\(approved.output) \(approved.errors)")
            members = try await tenant.memberNames()
            #expect(members["Team"] == ["u1@company.com", "u2@company.com", "u3@company.com", "u4@company.com"])
            #expect(members["Late"] == ["late@company.com"] && members["New"] == ["n1@company.com"])
            let users = try await tenant.all("/users?$top=999&$select=userPrincipalName,accountEnabled")
            let names = users.compactMap { $0["userPrincipalName"]?.string }
            #expect(Set(names) == Set((["late", "n1", "n2"] + (1...6).map { "u\($0)" }).map { "\($0)@company.com" }))
            #expect(names.count == 9)
            let counters = try await tenant.counters()
            #expect(counters["duplicated_creates"] == 0 && counters["repeated_creates"] == 0)
            let writes = counters["writes"]
            _ = try await Self.sync(folder)
            #expect(try await tenant.counters()["writes"] == writes)
        }
    }

    @Test("once everything is decided, the guard alone decides again")
    func guardAgain() async throws {
        try await Self.withRestored { folder, tenant in
            let done = try await Self.run("sync", "Entra", "--approve", "--unpaced", "--json", data: folder)
            #expect(done.status == 0, "\(done.output) \(done.errors)")
            try await Self.change(folder) { transaction in
                if let user = try transaction.user(named: "u2") { try transaction.deleteUser(user.id) }
            }
            _ = try await Self.sync(folder)
            #expect(try await tenant.memberNames()["Team"]?.contains("u2@company.com") == false)
        }
    }

    @Test("a database that was restored by other means is marked with a command")
    func byHand() async throws {
        try await TemporaryFolder.with { base in
            let folder = base.appending(path: "data")
            _ = try await Self.run("user", "create", "ada", data: folder)
            let marked = try await Self.run("config", "mark-restored", data: folder)
            #expect(marked.status == 0, "\(marked.errors)")
            let log = try await Self.run("log", "--json", data: folder)
            #expect(log.output.contains("custom_restored"), "\(log.output)")
        }
    }
}

extension Transaction {
    fileprivate func addUser(_ name: String) throws -> UserID {
        try createUser(UserProfile(username: name, name: "Person \(name)", email: "\(name)@company.com")).id
    }
}
