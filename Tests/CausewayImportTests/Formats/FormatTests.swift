import CausewayImport
import CausewayJSON
import CausewayModel
import Foundation
import Testing

/// A file as a vendor's program writes it, with invented people, and its meaning.
struct VendorFile: Sendable, CustomTestStringConvertible {
    let format: String
    let text: String
    /// Whether each user is active, by user name.
    let people: [String: Bool]
    /// One of them in full.
    let first: (username: String, name: String, email: String, attributes: [String: String])

    var testDescription: String { format }
}

@Suite("Files in the formats of vendors")
struct FormatTests {
    @Test("a vendor's file is recognized, and its users are imported without --map", arguments: VendorFile.all)
    func formats(_ file: VendorFile) async throws {
        try await ImportFixture.with { fixture in
            let report = try await fixture.users(file.text)
            #expect(report.files.first?.format == file.format)
            #expect(report.problems.map(\.problem.reason) == [])
            #expect(report.created == file.people.count)
            #expect(report.inactive == file.people.values.count { !$0 })
            for (name, isActive) in file.people {
                let person = try #require(try await fixture.user(name), "\(name)")
                #expect(person.isActive == isActive, "\(name)")
            }
            let person = try #require(try await fixture.user(file.first.username))
            #expect(person.name == file.first.name)
            #expect(person.email == file.first.email)
            for (key, value) in file.first.attributes { #expect(person.attributes[key]?.string == value, "\(key)") }
            #expect(!"\(person)".contains("Geheim"))
        }
    }

    @Test(
        "files are read in every encoding and with every separator that spreadsheets write",
        arguments: VendorFile.all
    )
    func encodings(_ file: VendorFile) async throws {
        let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
        let crlf = lines.joined(separator: "\r\n")
        var forms = [Data("\u{FEFF}\(crlf)".utf8)]
        for (mark, isBig) in [([UInt8](arrayLiteral: 0xFF, 0xFE), false), ([0xFE, 0xFF], true)] {
            forms.append(
                Data(
                    mark
                        + crlf.utf16.flatMap {
                            isBig ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)]
                        }
                )
            )
        }
        // Files without a separator inside a cell.
        if !file.text.contains("\""), !file.text.contains(";") {
            forms.append(Data(crlf.replacing(",", with: ";").utf8))
            forms.append(Data(crlf.replacing(",", with: "\t").utf8))
        }
        for form in forms {
            try await ImportFixture.with { fixture in
                let report = try await fixture.users(form)
                #expect(report.files.first?.format == file.format)
                #expect(try await fixture.names() == Set(file.people.keys))
                #expect(report.inactive == file.people.values.count { !$0 })
            }
        }
    }

    @Test(
        "a file for another purpose is refused with a sentence",
        arguments: [
            ("version:v1.0\nUser name [userPrincipalName] Required\nada@company.com\n", "deleting users"),
            (
                "Member object ID or user principal name [memberObjectIdOrUpn] Required\nada@company.com\n",
                "names no group"
            ),
        ]
    )
    func refused(_ text: String, _ part: String) async throws {
        try await ImportFixture.with { fixture in
            let error = await #expect(throws: ImportFileError.self) { try await fixture.users(text) }
            #expect(error?.description.contains(part) == true, "\(String(describing: error))")
            let names = try await fixture.names()
            #expect(names.isEmpty)
        }
    }

    @Test("files of groups are read too")
    func groups() async throws {
        try await ImportFixture.with { fixture in
            try await fixture.users("username,email\nada,ada@company.com\nbob,bob@company.com\n")
            let google = try await fixture.groups(
                "Group Email [Required],Member Email,Member Type,Member Role\nteam@company.com,ada@company.com,USER,MEMBER\n"
                    + "team@company.com,bob@company.com,USER,OWNER\n"
            )
            #expect(google.files.first?.format == "Google Workspace group members")
            #expect(try await fixture.members("team@company.com") == ["ada", "bob"])
            let entra = try await fixture.groups(
                "version:v1.0\nMember object ID or user principal name [memberObjectIdOrUpn] Required,group\nada@company.com,Staff\n"
            )
            #expect(entra.problemCount == 0)
            #expect(try await fixture.members("Staff") == ["ada"])
            let directory = try await fixture.groups(
                "#TYPE Microsoft.ActiveDirectory.Management.ADGroup\n\"DistinguishedName\",\"GroupCategory\",\"GroupScope\",\"Name\"\n"
                    + "\"CN=Sales,DC=corp\",\"Security\",\"Global\",\"Sales\"\n"
            )
            #expect(directory.groupsCreated == 1)
        }
    }
}
