import CausewayImport
import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation
import Testing

@Suite("Importing CSV files")
struct DirectoryImportTests {
    @Test("a German HR export with semicolons in Windows-1252 is read")
    func germanExport() async throws {
        try await ImportFixture.with { fixture in
            let text =
                "Personalnummer;Vorname;Nachname;E-Mail;Abteilung;Status\r\n7;J\u{FC}rgen;Gro\u{DF};jg@company.com;Einkauf;ausgeschieden\r\n"
            let data = Data(text.unicodeScalars.map { UInt8($0.value) })
            _ = try await fixture.users(data)
            let user = try #require(try await fixture.user("jg@company.com"))
            #expect(user.name == "Jürgen Groß")
            #expect(user.isActive == false)
            #expect(user.attributes["employee_id"] == "7" && user.attributes["department"] == "Einkauf")
        }
    }

    @Test(
        "line ends, byte order marks, separators and quotes of every kind are read",
        arguments: [
            "\u{FEFF}username,name\nada,\"Love, \"\"A\"\"\nlace\"\n",
            "username;name\r\nada;\"Love, \"\"A\"\"\r\nlace\"\r\n",
            "username\tname\rada\t\"Love, \"\"A\"\"\rlace\"\r",
            "sep=|\nusername|name\n\n ada | \"Love, \"\"A\"\"\nlace\"",
        ]
    )
    func forms(_ text: String) async throws {
        try await ImportFixture.with { fixture in
            let report = try await fixture.users(text.replacing(" \"Love", with: "\"Love"))
            #expect(report.problemCount == 0, "\(report.problems)")
            #expect(try await fixture.user("ada")?.name == "Love, \"A\"\nlace")
        }
    }

    @Test("each bad line is reported with its number, and the good ones are imported")
    func badLines() async throws {
        try await ImportFixture.with { fixture in
            let text = """
                username,email,status,type
                good1,g1@x.test,active,
                bad-mail,nonsense,active,
                bad-status,,perhaps,
                bad-type,,,alien
                good1,again@x.test,,
                too,many,cells,here,now
                "open,quote,is,here
                good2,g2@x.test,active,
                stray,"text"after,,
                """
            let report = try await fixture.users(text)
            #expect(report.created == 2)
            #expect(report.problems.map(\.problem.line) == [3, 4, 5, 6, 7, 8, 10])
            #expect(report.problems.last?.problem.reason == "there is text after a closing quote")
            #expect(report.problems[3].problem.reason == "the user 'good1' is already on line 2")
            #expect(try await fixture.user("good2") != nil)
        }
    }

    @Test("a second import updates, leaves values alone where cells are empty, and creates no duplicates")
    func again() async throws {
        try await ImportFixture.with { fixture in
            _ = try await fixture.users("username,name,department,groups\nada,Ada,Math,Staff;Math\nbob,Bob,Ops,Staff\n")
            let report = try await fixture.users(
                "username,name,department,groups\nada,Ada L.,,Staff\nbob,Bob,Ops,Staff\n"
            )
            #expect((report.created, report.updated, report.unchanged) == (0, 1, 1))
            #expect(report.groupsCreated == 0 && report.membershipsAdded == 0)
            let user = try #require(try await fixture.user("ada"))
            #expect(user.name == "Ada L." && user.attributes["department"] == "Math")
            #expect(try await fixture.members("Math") == ["ada"])
            let exact = try await fixture.users("username,groups\nada,Staff\n", exact: true)
            #expect(exact.membershipsRemoved == 1)
            #expect(try await fixture.members("Staff") == ["ada"])
        }
    }

    @Test("a file of groups gives parents, members by name or address, and nested groups")
    func groupFile() async throws {
        try await ImportFixture.with { fixture in
            _ = try await fixture.users("username,email\nada,ada@company.com\nbob,bob@company.com\n")
            let report = try await fixture.groups(
                "name,description,parents,members\nInner,In,Outer,ada\nOuter,,,BOB@company.com;group:Third;nobody\nOuter,,Inner,\n"
            )
            #expect(report.groupsCreated == 3)
            #expect(report.problems.map(\.problem.line) == [3, 4])
            #expect(report.problems[1].problem.reason.contains("cannot contain itself"))
            #expect(try await fixture.members("Outer") == ["bob"])
            let parents = try await fixture.store.read { transaction in
                try transaction.group(named: "Third").map { try transaction.parents(of: $0.id).count }
            }
            #expect(parents == 1)
        }
    }

    @Test("two columns for one field, and an invalid mapping, are refused before anything is changed")
    func columns() async throws {
        try await ImportFixture.with { fixture in
            let double = await #expect(throws: ImportFileError.self) {
                try await fixture.users("username,email,work email\nada,a@x.test,b@x.test\n")
            }
            #expect(double?.description.contains("'email' and 'work email' have the same meaning") == true)
            let same = await #expect(throws: ImportFileError.self) {
                try await fixture.users("username,Team,email,team \nada,A,a@x.test,B\n")
            }
            #expect(same?.description.contains("The columns 2 and 4 have the same name, 'Team'.") == true)
            let groups = await #expect(throws: ImportFileError.self) {
                try await fixture.groups("name,members,members\nStaff,,\n")
            }
            #expect(groups?.description.contains("The columns 2 and 3 have the same name, 'members'.") == true)
            let similar = await #expect(throws: ImportFileError.self) {
                try await fixture.users("username,Cost-Center,Cost Center\nada,A,B\n", map: ["costcenter=attributes.a"])
            }
            #expect(similar?.description.contains("'Cost-Center', 'Cost Center' are both meant") == true)
            for map in ["email", "phone=email", "email=shoe"] {
                await #expect(throws: ImportFileError.self) {
                    try await fixture.users("username,email\nada,a@x.test\n", map: [map])
                }
            }
            let counts = try await fixture.store.read { try $0.userCounts() }
            #expect(counts.all == 0)
        }
    }

    @Test(
        "columns that are not imported may have the same name; one that is written as the file has it is the one that is meant"
    )
    func sameNames() async throws {
        try await ImportFixture.with { fixture in
            let map = ["Cost Center=attributes.second", "Cost-Center=attributes.first"]
            let report = try await fixture.users(
                "username,Cost-Center,Cost Center,licenses,Licenses,,\nada,A,B,x,y,1,2\n",
                map: map
            )
            #expect(report.created == 1 && report.problemCount == 0)
            let ada = try #require(try await fixture.store.read { try $0.user(named: "ada") })
            #expect(ada.attributes == ["first": "A", "second": "B"])
        }
    }

    @Test("a file with many lines is read in pieces, each line exactly once")
    func manyLines() async throws {
        try await ImportFixture.with { fixture in
            var text = "username,name\n"
            for number in 0..<30_000 { text += "user\(number),\"Name, \(number) – größer\"\r\n" }
            let report = try await fixture.users(text)
            #expect(report.created == 30_000 && report.problemCount == 0)
            #expect(try await fixture.user("user29999")?.name == "Name, 29999 – größer")
        }
    }
}
