import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayWeb

@Suite("Forms that are kept until the person has signed in")
struct KeptFormTests {
    private func form(_ items: [(name: String, value: String)]) -> KeptForm? {
        KeptForm(
            address: "/if/admin/users/create/",
            form: FormFields(items),
            back: "/if/admin/users/",
            secrets: Pages.secrets
        )
    }

    @Test(
        "every field with a secret is known: sealed fields of records, and fields of templates whose text browsers hide"
    )
    func known() throws {
        let sealed = ProviderSettings.fields.filter { $0.sealed != nil }.map(\.name)
        #expect(!sealed.isEmpty && Pages.secrets.isSuperset(of: sealed + ["client_secret", "certificate"]))
        // These pages need no session, and nothing that is sent to them is kept.
        let open: Set = ["setup.mustache", "sign-in.mustache"]
        var count = 0
        for (file, bytes) in try WebResources.built.files(in: "templates") where !open.contains(file) {
            for input in String(decoding: bytes, as: UTF8.self).matches(of: /<input[^>]*>/) {
                guard input.0.contains("type=\"password\"") || input.0.contains("one-time-code"),
                    let name = input.0.firstMatch(of: /name="([a-z_]+)"/)
                else { continue }
                #expect(Pages.secrets.contains(String(name.1)), "\(file): \(name.1)")
                count += 1
            }
        }
        #expect(count >= 7)
    }

    @Test("what was entered before a conflict is kept without its secrets")
    func copies() throws {
        let mine: FormValues = ["name": ["Entra"], "http_proxy": ["http://ada:s3cret@proxy.test"]]
        let was: FormValues = ["name": ["Entra"], "http_proxy": ["http://proxy.test"]]
        let kept = try #require(form([("name", "Entra"), ("_mine", mine.json), ("_was", was.json)])).form
        #expect(kept["_mine"].flatMap(FormValues.init(json:)) == ["name": ["Entra"]])
        #expect(kept["_was"].flatMap(FormValues.init(json:)) == was)
    }

    @Test("a form with more fields than any page has is not kept, and the stored proxy stays if a kept form lacks it")
    func fields() {
        #expect(form(Array(repeating: ("", ""), count: 5001)) == nil)
        let sealed = FormField(name: "http_proxy", kind: .text, isSealed: true)
        let definition = FormDefinition(key: "provider", groups: [FormGroup(key: "", fields: [sealed])])
        let base: FormValues = ["http_proxy": ["http://proxy.test"]]
        let without = FormFields([("_base", base.json)])
        #expect(FormState(sent: without, definition).text("http_proxy") == "http://proxy.test")
        let emptied = FormFields([("_base", base.json), ("http_proxy", "")])
        #expect(FormState(sent: emptied, definition).text("http_proxy") == "")
    }

    @Test("secrets are not kept; a form of secrets alone is nothing")
    func secrets() throws {
        let kept = try #require(form([("_token", "t"), ("name", "Ada"), ("client_secret", "s"), ("password", "")]))
        #expect(kept.form.items.map(\.name) == ["name"] && kept.hadSecret)
        #expect(try #require(form([("name", "Ada"), ("password", "")])).hadSecret == false)
        #expect(form([("_token", "t"), ("password", "p")]) == nil)
    }

    @Test("a form is found by its browser alone, which keeps its key while it has a form")
    func browsers() async throws {
        let forms = KeptForms()
        let first = try await forms.keep(#require(form([("name", "first")])), of: nil)
        let other = try await forms.keep(#require(form([("name", "other")])), of: "a key that was set elsewhere")
        #expect(other.browser != "a key that was set elsewhere" && other.browser != first.browser)
        #expect(await forms.form(first.form, of: nil) == nil)
        #expect(await forms.form(first.form, of: other.browser) == nil)
        let second = try await forms.keep(#require(form([("name", "second")])), of: first.browser)
        #expect(second.browser == first.browser && second.form != first.form)
        #expect(await forms.form(first.form, of: first.browser)?.form["name"] == "first")
        #expect(await forms.form(second.form, of: first.browser)?.form["name"] == "second")
    }

    @Test("a form is found by its key; the oldest give way")
    func bounded() async throws {
        let forms = KeptForms()
        func found(_ place: KeptForms.Place) async -> KeptForm? { await forms.form(place.form, of: place.browser) }
        let first = try await forms.keep(#require(form([("name", "first")])), of: nil)
        #expect(await found(first)?.form["name"] == "first")
        #expect(await forms.form("guessed", of: first.browser) == nil)
        var last = first
        for number in 0..<200 { last = try await forms.keep(#require(form([("name", "\(number)")])), of: nil) }
        #expect(await found(first) == nil)
        #expect(await found(last)?.form["name"] == "199")
        let large = try #require(form([("name", String(repeating: "x", count: 2 << 20))]))
        for _ in 0..<8 { _ = await forms.keep(large, of: nil) }
        #expect(await found(last) == nil)
    }
}
