import CausewayImport
import CausewayJSON
import CausewayModel
import Foundation
import Testing

@Suite("Columns about sign-in")
struct SignInColumnTests {
    private static func active(_ header: String, _ values: [String]) async throws -> [Bool?] {
        var found: [Bool?] = []
        try await ImportFixture.with { fixture in
            let rows = values.enumerated().map { "u\($0.offset),\($0.element)\n" }
            try await fixture.users("username,\"\(header)\"\n" + rows.joined())
            for place in values.indices { found.append(try await fixture.user("u\(place)")?.isActive) }
        }
        return found
    }

    @Test(
        "a column's words say whether it means active or blocked",
        arguments: [
            ("Active", true), ("Is active?", true), ("isActive", true), ("Enabled", true), ("accountEnabled", true),
            ("Account enabled (yes/no)", true), ("Login enabled", true), ("Status", true), ("Aktiv", true),
            ("Sign-in allowed", true), ("Not blocked", true), ("Account enabled [accountEnabled]", true),
            ("Block sign in", false), ("Block credential", false), ("Blocked", false), ("Sign-in blocked?", false),
            ("Disabled", false), ("isDisabled", false), ("AccountDisabled", false), ("account_disabled", false),
            ("Locked", false), ("Account locked", false), ("Suspended", false), ("Inactive", false),
            ("Terminated", false),
            ("Not active", false), ("User is not enabled", false), ("Gesperrt", false), ("Konto deaktiviert", false),
            ("Block sign in [accountEnabled]", false), ("Deleted", false), ("Archived", false),
        ]
    )
    func polarity(_ header: String, _ yes: Bool) async throws {
        for answers in [["Yes", "No"], ["TRUE", "false"], ["1", "0"], ["ja", "nein"], ["oui", "non"]] {
            #expect(try await Self.active(header, answers) == [yes, !yes], "\(answers)")
        }
        // Unambiguous words mean the same in any column.
        #expect(try await Self.active(header, ["Active", "Disabled", "Suspended"]) == [true, false, false])
    }

    @Test(
        "columns about something else become attributes",
        arguments: ["Locked out until", "Date disabled", "Blocked reason", "MFA enabled"]
    )
    func others(_ header: String) async throws {
        try await ImportFixture.with { fixture in
            try await fixture.users("username,\(header)\nada,Yes\n")
            let user = try #require(try await fixture.user("ada"))
            #expect(user.isActive && user.attributes.count == 1)
        }
    }

    @Test(
        "the meaning of an ambiguous column is not guessed",
        arguments: ["Enabled/Disabled", "Konto [accountEnabled]", "Active or inactive"]
    )
    func ambiguous(_ header: String) async throws {
        try await ImportFixture.with { fixture in
            let text = "username,\(header)\nada,Yes\n"
            let error = await #expect(throws: ImportFileError.self) { try await fixture.users(text) }
            for offer in ["=is_active", "=is_blocked"] {
                #expect(error?.description.contains("--map '\(header)\(offer)'") == true)
            }
            #expect(try await fixture.names().isEmpty)
            try await fixture.users(text, map: ["\(header)=is_blocked"])
            #expect(try await fixture.user("ada")?.isActive == false)
            try await fixture.users("username,\(header)\nada,Enabled\n")
            #expect(try await fixture.user("ada")?.isActive == true)
        }
    }

    @Test("a column that makes most people inactive causes a warning")
    func mostInactive() async throws {
        try await ImportFixture.with { fixture in
            let report = try await fixture.users("username,disabled\na,yes\nb,yes\nc,no\n")
            #expect(report.count(.mostInactive) == 2 && report.inactive == 2)
            #expect(try await fixture.users("username,disabled\na,no\nb,no\nc,yes\n").count(.mostInactive) == 0)
        }
    }

    @Test("the second bit of Active Directory's userAccountControl says who is inactive")
    func accountControl() async throws {
        let values = ["512", "514", "66048", "66050"]
        #expect(try await Self.active("userAccountControl", values) == [true, false, true, false])
    }
}
