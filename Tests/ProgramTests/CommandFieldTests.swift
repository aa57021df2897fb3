import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

@testable import causeway

@Suite("The fields of records on the command line and in docs")
struct CommandFieldTests {
    @Test("each field of a provider is set by the option that its line names, and by no other option")
    func options() throws {
        let blank = ProviderSettings(name: "Entra", clientID: "client", tenantID: "tenant")
        let count = try Self.check(blank) { arguments, section, settings in
            switch section {
            case .scope: try FieldOptions<ScopeSection>.parse(arguments).apply(to: &settings)
            case .matching: try FieldOptions<MatchingSection>.parse(arguments).apply(to: &settings)
            case .endpoints: try FieldOptions<EndpointSection>.parse(arguments).apply(to: &settings)
            case .policy: try FieldOptions<PolicySection>.parse(arguments).apply(to: &settings)
            case .profile: Issue.record("A provider has no profile.")
            }
        }
        #expect(count > 15)
    }

    @Test("each field of a user and of a group but its name is set by its option")
    func profiles() throws {
        let users = try Self.check(UserProfile(username: "ada")) { arguments, _, profile in
            try FieldOptions<UserSection>.parse(arguments).apply(to: &profile)
        }
        #expect(users == UserProfile.fields.count - 1)
        let groups = try Self.check(GroupProfile(name: "Staff")) { arguments, _, profile in
            try FieldOptions<GroupSection>.parse(arguments).apply(to: &profile)
        }
        #expect(groups == GroupProfile.fields.count - 1)
    }

    @Test("an attribute is a text, a JSON value or removed; other attributes stay, and only given fields have values")
    func attributes() throws {
        let user = UserProfile(username: "ada", attributes: ["floor": "third", "room": "12"])
        let given = [
            "--attribute", "floor=", "--attribute", "level:=3", "--attribute", "phone=+1 555=7", "--no-active",
        ]
        let values = try FieldOptions<UserSection>.parse(given).values(over: user)
        #expect(values == ["attributes": ["room": "12", "level": 3, "phone": "+1 555=7"], "is_active": false])
        for wrong in ["floor", "=third", "level:=third", ":=3"] {
            #expect(throws: (any Error).self) { try FieldOptions<UserSection>.parse(["--attribute", wrong]) }
        }
        #expect(throws: (any Error).self) {
            try FieldOptions<UserSection>.parse(["--type", "internal_service_account"])
        }
    }

    /// Sets every field that has an option to another value with it.
    ///
    /// - Parameter apply: parses arguments as the options of a section, and applies them to a record.
    /// - Returns: how many fields have an option.
    private static func check<Record: FieldRecord>(
        _ blank: Record,
        _ apply: ([String], CommandOption.Section, inout Record) throws -> Void
    ) throws -> Int {
        var count = 0
        for field in Record.fields {
            guard let option = field.option, let wanted = blank.changed(field) else { continue }
            var record = blank
            if case .sealed = field.kind {
                try withFile(field.value(wanted).string ?? "") { file in
                    try apply(["--\(option.name)", file], option.section, &record)
                    #expect(throws: UserError.self) {
                        var other = blank
                        try apply(["--\(option.name)", "\(file)-not"], option.section, &other)
                    }
                }
            } else {
                try apply(arguments(option, field.value(wanted)), option.section, &record)
            }
            #expect(record == wanted, "\(field.name)")
            try apply([], option.section, &record)
            #expect(record == wanted, "\(field.name)")
            count += 1
        }
        return count
    }

    /// The value of a field with a secret comes from a file.
    private static func withFile(_ text: String, _ body: (String) throws -> Void) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "causeway-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("\(text)\n".utf8).write(to: file)
        try body(file.path)
    }

    private static func arguments(_ option: CommandOption, _ value: JSONValue) -> [String] {
        switch value {
        case .bool(let flag): ["--\(flag ? "" : "no-")\(option.name)"]
        case .integer(let number): ["--\(option.name)", "\(number)"]
        case .array(let words): ["--\(option.name)", words.compactMap(\.string).joined(separator: ", ")]
        case .object(let members):
            members.flatMap { ["--\(option.name)", "\($0.key)=\($0.value.string ?? "")"] }
        default: ["--\(option.name)", value.string ?? ""]
        }
    }

    @Test("the fields are the rows of the tables in docs, with values and defaults, and of providers with options")
    func documented() throws {
        let settings = try Self.rows(of: "provider-settings.md")
        try Self.compare(ProviderSettings.self, with: #require(settings["Settings of a provider"])) { field in
            [field.option.map { "`--\($0.name)`" } ?? "–"]
        }
        let rows = try Self.rows(of: "fields.md")
        try Self.compare(UserProfile.self, with: #require(rows["Users"]))
        try Self.compare(GroupProfile.self, with: #require(rows["Groups"]))
        try Self.compare(Application.self, with: #require(rows["Applications"]))
        try Self.compare(PropertyMapping.self, with: #require(rows["Property mappings"]))
        try Self.compare(AccessToken.self, with: #require(rows["Tokens"]))
    }

    /// The cells of the rows of a document that begin with a name, by their heading.
    private static func rows(of document: String) throws -> [String: [[String]]] {
        var (rows, heading): ([String: [[String]]], String) = ([:], "")
        for line in try ProjectFiles.text("docs/\(document)").split(separator: "\n") {
            if line.hasPrefix("#") { heading = String(line.drop { "# ".contains($0) }) }
            guard line.hasPrefix("| `") else { continue }
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            rows[heading, default: []].append(cells)
        }
        return rows
    }

    /// - Parameter further: the cells between default and meaning.
    private static func compare<Record: FieldRecord>(
        _ record: Record.Type,
        with rows: [[String]],
        further: (Field<Record>) -> [String] = { _ in [] }
    ) {
        #expect(rows.map { $0.first } == Record.fields.map { "`\($0.name)`" })
        for (row, field) in zip(rows, Record.fields) {
            let stated = [values(field.kind), standard(field.value(.blank))] + further(field)
            #expect(row.dropFirst().dropLast() == stated[...], "\(Record.self): \(field.name)")
        }
    }

    private static func values(_ kind: FieldKind) -> String {
        switch kind {
        case .text(isRequired: true): "text, required"
        case .text: "text"
        case .flag: "true or false"
        case .whole(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .choice(let type): type.words.joined(separator: ", ")
        case .choices(let type): "in any order: \(type.words.joined(separator: ", "))"
        case .reference: "key of an object"
        case .references: "keys of objects"
        case .attributes: "object"
        case .sealed: "text with a secret"
        }
    }

    private static func standard(_ value: JSONValue) -> String {
        switch value {
        case .string(""), .null, .array([]), .object([:]): "–"
        case .string(let text): text
        case .array(let words): words.compactMap(\.string).joined(separator: ", ")
        case let value: value.text
        }
    }
}
