import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

@testable import causeway

@Suite("The fields of a provider on the command line and in docs")
struct ProviderFieldTests {
    @Test("each field is set by the option that its definition names, and by no other")
    func options() throws {
        var count = 0
        let blank = ProviderSettings(name: "Entra", clientID: "client", tenantID: "tenant")
        for field in ProviderSettings.fields {
            guard let option = field.option, let wanted = blank.changed(field) else { continue }
            var settings = blank
            if case .sealed = field.kind {
                try Self.set(option, text: field.value(wanted).string ?? "", of: &settings)
            } else {
                try Self.apply(Self.arguments(option, field.value(wanted)), option.section, to: &settings)
            }
            #expect(settings == wanted, "\(field.name)")
            try Self.apply([], option.section, to: &settings)
            #expect(settings == wanted, "\(field.name)")
            count += 1
        }
        #expect(count > 15)
    }

    /// The value of a field with a secret comes from a file.
    private static func set(_ option: CommandOption, text: String, of settings: inout ProviderSettings) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "causeway-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("\(text)\n".utf8).write(to: file)
        try apply(["--\(option.name)", file.path], option.section, to: &settings)
        #expect(throws: UserError.self) {
            try apply(["--\(option.name)", "\(file.path)-not"], option.section, to: &settings)
        }
    }

    private static func arguments(_ option: CommandOption, _ value: JSONValue) -> [String] {
        switch value {
        case .bool(let flag): ["--\(flag ? "" : "no-")\(option.name)"]
        case .integer(let number): ["--\(option.name)", "\(number)"]
        case .array(let words): ["--\(option.name)", words.compactMap(\.string).joined(separator: ", ")]
        default: ["--\(option.name)", value.string ?? ""]
        }
    }

    private static func apply(
        _ arguments: [String],
        _ section: CommandOption.Section,
        to settings: inout ProviderSettings
    )
        throws
    {
        switch section {
        case .scope: try FieldOptions<ScopeSection>.parse(arguments).apply(to: &settings)
        case .matching: try FieldOptions<MatchingSection>.parse(arguments).apply(to: &settings)
        case .endpoints: try FieldOptions<EndpointSection>.parse(arguments).apply(to: &settings)
        case .policy: try FieldOptions<PolicySection>.parse(arguments).apply(to: &settings)
        }
    }

    @Test("the fields are the rows of docs/provider-settings.md, with their values, defaults and options")
    func documented() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/provider-settings.md")
        let rows = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("| `") }
            .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
        #expect(rows.map { $0.first } == ProviderSettings.fields.map { "`\($0.name)`" })
        for (row, field) in zip(rows, ProviderSettings.fields) {
            let option = field.option.map { "`--\($0.name)`" } ?? "–"
            let stated = [Self.values(field.kind), Self.standard(field), option]
            #expect(Array(row.dropFirst().prefix(3)) == stated, "\(field.name)")
            #expect(row.count == 5, "\(field.name)")
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

    private static func standard(_ field: Field<ProviderSettings>) -> String {
        switch field.value(.blank) {
        case .string(""), .null, .array([]): "–"
        case .string(let text): text
        case .array(let words): words.compactMap(\.string).joined(separator: ", ")
        case let value: value.text
        }
    }
}
