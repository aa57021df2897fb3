import CausewayImport
import CausewayJSON
import CausewayModel
import CausewayStore
import Testing

@Suite("Previews and warnings of an import")
struct WarningTests {
    private static let template =
        "Username,First name,Last name,Display name,Job title,Department,Office number,Office phone,Mobile phone,Fax,"
        + "Alternate email address,Address,City,State or province,ZIP or postal code,Country or region\n"

    /// A line of the template: user name, display name, and as many fields as there are columns.
    private static func line(_ username: String, _ name: String, fields: Int = 16) -> String {
        ([username, "", "", name] + Array(repeating: "", count: max(0, fields - 4))).joined(separator: ",") + "\n"
    }

    @Test("a preview shows the format, the meaning of each column and the first people, and changes nothing")
    func preview() async throws {
        try await ImportFixture.with { fixture in
            try await fixture.users("username,name\nolaf@company.com,Olaf\n")
            let people = (1...7).map { Self.line("p\($0)@company.com", "Person \($0)") }
            let report = try await fixture.preview(
                Self.template + Self.line("olaf@company.com", "Olaf Berg") + people.joined()
            )
            #expect(report.files.first?.format == "Microsoft 365 template for adding multiple users")
            #expect(report.target("Username") == "username" && report.target("Address") == "attributes.street_address")
            #expect(report.files.first?.columns.count == 16)
            #expect(report.samples.map(\.line) == [2, 3, 4, 5, 6])
            #expect(report.samples.first?.change == .updated && report.samples.last?.change == .created)
            #expect(report.samples.first?.profile.name == "Olaf Berg")
            #expect(report.warnings.isEmpty)
            #expect(try await fixture.names() == ["olaf@company.com"])
        }
    }

    @Test(
        "a preview marks columns of secrets, and says when the lesser of two columns for one field counts"
    )
    func columns() async throws {
        try await ImportFixture.with { fixture in
            let text =
                "User ID,Username,Password,Password expires,attributes.Team,Cost Centre (EU),,E-Mail\n1,ada,Geheim,x,A,42,,ada@x.test\n"
            let report = try await fixture.preview(text)
            #expect(report.files.first?.format == "")
            let targets = [
                "User ID", "Username", "Password", "Password expires", "attributes.Team", "Cost Centre (EU)", "",
                "E-Mail",
            ]
            .map { report.target($0) }
            #expect(
                targets == [
                    "username, attributes.user_id", "username", "secret", "ignore", "attributes.Team",
                    "attributes.cost_centre_eu", "ignore", "email",
                ]
            )
            #expect(report.files.first?.columns.first?.note == "where 'Username' is empty")
            #expect(report.samples.first?.profile.username == "ada" && report.secretColumns == ["Password"])
        }
    }

    @Test("rows that are not users are left out, with their numbers")
    func strays() async throws {
        try await ImportFixture.with { fixture in
            let text =
                Self.template + Self.line("chris@contoso.com", "Chris Green") + Self.line("ada@company.com", "Ada")
                + Self.line("Example: chris@contoso.com", "Example: Chris Green") + Self.line("Total: 2000", "")
                + Self.line("Username", "Display name") + Self.line("chris@contoso.com", "Chris Brown")
            let report = try await fixture.users(text)
            #expect(report.lines(.exampleRow) == [2, 4])
            #expect(report.lines(.totalRow) == [5] && report.leftOut == 4)
            #expect(report.lines(.headerRow) == [6])
            #expect(try await fixture.names() == ["ada@company.com", "chris@contoso.com"])
            #expect(report.problemCount == 0)
        }
    }

    @Test("no user is left out for a name that only looks like a total")
    func noStrays() async throws {
        try await ImportFixture.with { fixture in
            try await fixture.users(
                "username,name,email\nsum,Sum Ting,sum@company.com\ncount,Dracula,count@company.com\n"
            )
            #expect(try await fixture.names() == ["sum", "count"])
        }
    }

    @Test("invalid addresses, short rows and formulas are imported, with a warning that has line and name")
    func oddities() async throws {
        try await ImportFixture.with { fixture in
            let text =
                Self.template + Self.line("not an address", "Nobody") + Self.line("x@unverified", "X")
                + Self.line("bo@company.com", "Bo", fields: 5)
                + Self.line("cy@company.com", "\"=HYPERLINK(\"\"http://x\"\",\"\"Cy\"\")\"")
                + Self.line("+SUM(A1)@company.com", "Eve") + Self.line("di@company.com", "\"=\"\"Di\"\"\"")
            let report = try await fixture.users(text)
            #expect(report.lines(.notAddress) == [2] && report.lines(.noAddress) == [2])
            #expect(report.lines(.oddDomain) == [3])
            #expect(report.lines(.shortRow) == [4])
            #expect(report.warnings.first { $0.kind == .shortRow }?.lines.first?.detail == "bo@company.com: 5 of 16")
            #expect(report.lines(.formula) == [5])
            #expect(try await fixture.user("cy@company.com")?.name == "")
            #expect(try await fixture.user("di@company.com")?.name == "Di")
            // A formula is not a user name.
            #expect(report.problems.map(\.problem.line) == [6])
        }
    }

    @Test("addresses outside a tenant's verified domains cause a warning, except those of guests")
    func domains() async throws {
        try await ImportFixture.with { fixture in
            let text = "username,email,type\nada,ada@company.com,\nbob,bob@other.test,\neve,eve@other.test,guest\n"
            #expect(try await fixture.preview(text).count(.unverifiedDomain) == 0)
            try await fixture.store.write { transaction in
                let settings = ProviderSettings(name: "Entra", clientID: "c", tenantID: "t")
                let provider = try transaction.createProvider(settings, clientSecret: Secret("s"))
                let tenant = KnownTenant(id: "t", displayName: "Company", verifiedDomains: ["company.com"])
                try transaction.saveKnownTenant(tenant, of: provider.id)
            }
            #expect(try await fixture.preview(text).lines(.unverifiedDomain) == [3])
        }
    }

    @Test("a warning counts all lines and keeps the first ones")
    func many() async throws {
        try await ImportFixture.with { fixture in
            let report = try await fixture.users("username,name\n" + (1...500).map { "u\($0),U\n" }.joined())
            #expect(report.count(.noAddress) == 500 && report.lines(.noAddress) == Array(2...21))
        }
    }
}
