import CausewayJSON
import CausewayModel
import Foundation
import Testing

@testable import CausewayWeb

@Suite("The texts of the interface")
struct TextTests {
    private let resources = WebResources.built
    private let texts: Texts

    init() throws {
        texts = try Texts(resources, .english)
    }

    @Test("the catalog has every text that templates show")
    func templates() throws {
        var count = 0
        for (name, bytes) in try resources.files(in: "templates") {
            for match in String(decoding: bytes, as: UTF8.self).matches(of: /\{\{text\.([a-z_.]+)\}\}/) {
                #expect(texts.find(String(match.1)) != nil, "\(name) shows \(match.1)")
                count += 1
            }
        }
        #expect(count > 100)
    }

    @Test("the catalog has the texts of every field of every form")
    func forms() {
        for form in Pages.forms {
            for field in form.fields {
                let key = "forms.\(form.key).fields.\(field.name)"
                #expect(texts.find("\(key).label") != nil, "\(key)")
                guard case .choice(let words) = field.kind else { continue }
                for word in words { #expect(texts.find("\(key).choices.\(word).label") != nil, "\(key), \(word)") }
            }
            for group in form.groups where !group.key.isEmpty {
                #expect(texts.find("forms.\(form.key).groups.\(group.key)") != nil, "\(group.key)")
            }
            for key in ["new", "edit", "delete", "delete_verb", "deletion"] {
                #expect(texts.find("forms.\(form.key).\(key)") != nil, "\(form.key) \(key)")
            }
        }
    }

    @Test("the states of a provider have the words that the command line shows")
    func states() {
        for state in ProviderState.allCases {
            let shown = texts("states.\(state.rawValue)")
            #expect(shown.prefix(1).lowercased() + shown.dropFirst() == state.words)
        }
    }

    @Test("the form of a record shows each of its fields once, except those that are named here")
    func recordForms() {
        Self.check(UserPages.form, UserProfile.self)
        Self.check(GroupPages.form, GroupProfile.self, adding: ["parents"])
        Self.check(
            ApplicationPages.form,
            Application.self,
            without: ["meta_hide", "policy_engine_mode"],
            adding: ["provider", "backchannel_providers"]
        )
        Self.check(MappingPages.form, PropertyMapping.self)
        Self.check(
            SystemPages.form,
            AccessToken.self,
            without: ["intent", "expiring"],
            adding: ["causeway_role", "expires"]
        )
        Self.check(
            ProviderForm.definition,
            ProviderSettings.self,
            without: [
                "groups", "nested_groups", "user_match_rules",
                "group_match_rules", "same_person_keys", "sync_page_timeout", "approval_lifetime",
            ],
            adding: ["client_secret", "certificate"]
        )
    }

    private static func check<Record: FieldRecord>(
        _ form: FormDefinition,
        _ record: Record.Type,
        without hidden: Set<String> = [],
        adding further: [String] = []
    ) {
        let expected = Record.fields.map(\.name).filter { !hidden.contains($0) } + further
        #expect(form.fields.map(\.name).sorted() == expected.sorted(), "\(form.key)")
        #expect(hidden == Set(Record.fields.filter { $0.form == nil }.map(\.name)), "\(form.key)")
    }
}
