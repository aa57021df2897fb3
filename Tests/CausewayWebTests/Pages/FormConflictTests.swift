import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayWeb

@Suite("Two people who change one object")
struct FormConflictTests {
    private static let form = FormDefinition(
        key: "user",
        groups: [
            FormGroup(
                key: "",
                fields: [
                    FormField(name: "name", kind: .text), FormField(name: "notes", kind: .longText),
                    FormField(name: "active", kind: .flag), FormField(name: "attributes", kind: .attributes),
                    FormField(name: "secret", kind: .secret),
                    FormField(name: "groups", kind: .objects(ProviderForm.groups, isMultiple: true)),
                ]
            )
        ]
    )

    private let was: FormValues = [
        "name": ["Ada"], "notes": ["one\ntwo"], "active": ["true"], "attributes": ["{\n  \"a\": 1\n}"],
        "groups": ["x", "y"],
    ]

    private func conflict(mine: FormValues, theirs: FormValues) -> FormConflict {
        FormConflict(was: was, mine: was.merging(mine) { $1 }, theirs: was.merging(theirs) { $1 })
    }

    private func field(_ name: String) throws -> FormField {
        try #require(Self.form.fields.first { $0.name == name })
    }

    @Test("a field that only one of them changed has that change; one that both changed has the own")
    func merged() throws {
        let conflict = conflict(
            mine: ["name": ["Ada B"], "active": []],
            theirs: ["name": ["Ada C"], "notes": ["three"], "groups": ["z"]]
        )
        let merged = conflict.merged(Self.form)
        #expect(merged["name"] == ["Ada B"] && merged["notes"] == ["three"])
        #expect(merged["active"] == [] && merged["groups"] == ["z"])
        #expect(try conflict.side(field("name")) == .both && conflict.side(field("active")) == .mine)
        #expect(try conflict.side(field("notes")) == .theirs && conflict.side(field("attributes")) == nil)
        #expect(conflict.overlaps(Self.form) && !conflict.isHarmless(Self.form))
    }

    @Test("line ends, blanks around a text, the layout of JSON and the order of selected objects make no difference")
    func same() throws {
        let conflict = conflict(
            mine: ["name": [" Ada "], "notes": ["one\r\ntwo"], "attributes": ["{\"a\":1}"], "groups": ["y", "x"]],
            theirs: [:]
        )
        for field in Self.form.fields { #expect(conflict.side(field) == nil, "\(field.name)") }
        #expect(conflict.isHarmless(Self.form))
    }

    @Test("both with the same new value agree; a secret is never compared")
    func agreed() throws {
        let conflict = conflict(mine: ["name": ["Eve"], "secret": ["typed"]], theirs: ["name": ["Eve"]])
        #expect(try conflict.side(field("name")) == nil && conflict.side(field("secret")) == nil)
        #expect(!conflict.overlaps(Self.form))
    }

    @Test("without the values that the form showed first, every difference is a change of both")
    func unknown() throws {
        let conflict = FormConflict(was: nil, mine: was, theirs: was.merging(["name": ["Eve"]]) { $1 })
        #expect(try conflict.side(field("name")) == .both && conflict.side(field("notes")) == nil)
    }

    @Test("values survive as text, and a choice between versions replaces the field alone")
    func choice() throws {
        #expect(FormValues(json: was.json) == was)
        #expect(FormValues(json: "no JSON") == nil && FormValues(json: "[]") == nil)
        let theirs = was.merging(["name": ["Eve"]]) { $1 }
        let items = [
            ("_base", theirs.json), ("_was", was.json), ("_mine", was.merging(["name": ["Bob"]]) { $1 }.json),
            ("name", "Bob"),
            ("notes", "typed later"),
        ]
        func state(_ more: (String, String)...) -> FormState {
            FormState(sent: FormFields((items + more).map { (name: $0.0, value: $0.1) }), Self.form)
        }
        #expect(!state().isShownAgain && state().conflict != nil)
        let taken = state(("_take", "name"))
        #expect(taken.isShownAgain && taken.text("name") == "Eve" && taken.text("notes") == "typed later")
        #expect(state(("_take", "name"), ("_keep", "name")).text("name") == "Bob")
        let resolved = state(("_resolve", "mine"))
        #expect(!resolved.isShownAgain && resolved.text("name") == "Bob" && resolved.text("notes") == "one\ntwo")
    }
}
