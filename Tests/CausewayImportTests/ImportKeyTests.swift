import CausewayImport
import CausewayJSON
import CausewayModel
import CausewayStore
import Testing

@Suite("The key of the people in a file")
struct ImportKeyTests {
    private static let days = (
        first: "Username,Employee ID,Email\nmina.okafor,1001,mina.okafor@company.com\nolaf,1002,olaf@company.com\n",
        second: "Username,Employee ID,Email\nmina.berg,1001,mina.berg@company.com\nolaf,1002,olaf@company.com\n"
    )

    @Test("a new name with the same employee id renames the user")
    func renamed() async throws {
        try await ImportFixture.with { fixture in
            try await fixture.users(Self.days.first, key: .employeeID)
            let before = try await fixture.store.read { try $0.user(named: "mina.okafor") }
            let report = try await fixture.users(Self.days.second, key: .employeeID)
            #expect((report.created, report.updated, report.renamed, report.unchanged) == (0, 1, 1, 1))
            #expect(report.warnings.isEmpty && report.samples.first?.change == .renamed)
            let after = try await fixture.store.read { try $0.user(named: "mina.berg") }
            #expect(after?.uid == before?.uid && after?.email == "mina.berg@company.com")
            #expect(try await fixture.names() == ["mina.berg", "olaf"])
        }
    }

    @Test("with the user name as the key, an employee id of another user causes a warning")
    func sharedEmployeeID() async throws {
        try await ImportFixture.with { fixture in
            try await fixture.users(Self.days.first)
            let report = try await fixture.users(Self.days.second)
            #expect(report.created == 1)
            let warning = try #require(report.warnings.first { $0.kind == .employeeIDTaken })
            #expect(warning.lines.map(\.detail) == ["1001 of mina.berg belongs to mina.okafor"])
            #expect(warning.kind.sentence.contains("--key employee_id"))
            // Twice in one file, too; and another id under an existing user name.
            let double = try await fixture.users("username,employee id\nann,7\nbea,7\nolaf,2002\n")
            #expect(double.lines(.employeeIDTaken) == [3] && double.lines(.employeeIDChanges) == [4])
        }
    }

    @Test("a number and the same digits as a text are one key")
    func numbers() async throws {
        try await ImportFixture.with { fixture in
            try await fixture.store.write { transaction in
                _ = try transaction.createUser(UserProfile(username: "ada", attributes: ["employee_id": 1001]))
            }
            let report = try await fixture.users("username,employee id\nada.l,1001\n", key: .employeeID)
            #expect(report.renamed == 1 && report.created == 0)
        }
    }

    @Test("users of one file can take over released names in any order, but not a name that a user keeps")
    func chains() async throws {
        try await ImportFixture.with { fixture in
            try await fixture.users("username,employee id\na,1\nb,2\nc,3\nd,4\n", key: .employeeID)
            let report = try await fixture.users("username,employee id\nb,1\nc,2\ne,3\nd,5\n", key: .employeeID)
            #expect(report.renamed == 3)
            let names = try await fixture.store.read { transaction in
                Dictionary(
                    uniqueKeysWithValues: try transaction.users(after: nil, limit: 9)
                        .map { ($0.attributes["employee_id"]?.string ?? "", $0.username) }
                )
            }
            #expect(names == ["1": "b", "2": "c", "3": "e", "4": "d"])
            #expect(
                report.problems.map(\.problem.reason) == [
                    "the user name 'd' belongs to another user, whose employee id is '4'"
                ]
            )
            let swap = try await fixture.users("username,employee id\nc,1\nb,2\n", key: .employeeID)
            #expect(swap.problemCount == 2 && swap.renamed == 0)
        }
    }

    @Test("a user without a key is found by the user name and gets the key")
    func adopted() async throws {
        try await ImportFixture.with { fixture in
            try await fixture.users("username,email\nada,\n")
            #expect(try await fixture.users("username,employee id\nada,1\n", key: .employeeID).updated == 1)
            #expect(try await fixture.users("username,email\nada,ada@company.com\n", key: .email).updated == 1)
            #expect(try await fixture.user("ada")?.attributes["employee_id"] == "1")
        }
    }

    @Test("a line without the key, and a key of several people, are refused with the reason")
    func unusable() async throws {
        try await ImportFixture.with { fixture in
            try await fixture.users("username,employee id,email\na,1,x@company.com\nb,1,X@company.com\n")
            let report = try await fixture.users("username,employee id\nc,\nd,1\ne,5\nf,5\n", key: .employeeID)
            #expect(
                report.problems.map(\.problem.reason) == [
                    "the employee id is missing, and it identifies users",
                    "several users have the employee id '1'", "the employee id '5' is already on line 4",
                ]
            )
            let email = try await fixture.users("username,email\nc,x@company.com\n", key: .email)
            #expect(email.problems.map(\.problem.reason) == ["several users have the address 'x@company.com'"])
        }
    }

    @Test("a file without user names renames no user", arguments: [ImportKey.employeeID, .email, .immutableID])
    func unnamed(_ key: ImportKey) async throws {
        try await ImportFixture.with { fixture in
            try await fixture.users("username,employee id,immutable id,email\nada,1,abc==,ada@company.com\n")
            let report = try await fixture.users(
                "employee id,immutable id,email,title\n1,abc==,ada@company.com,Boss\n",
                key: key
            )
            #expect((report.updated, report.renamed, report.created) == (1, 0, 0))
            #expect(try await fixture.user("ada")?.attributes["job_title"] == "Boss")
        }
    }
}
