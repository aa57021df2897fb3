import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayAPI
@testable import CausewayStore
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

    @Test("a form is found by its browser alone, on any node; the browser keeps its key while it has a form")
    func browsers() async throws {
        try await StoreFixture.with { temporary in
            let node = try await temporary.open()
            defer { try? node.close() }
            let forms = KeptForms(texts: KeptTexts(store: temporary.store))
            let others = KeptForms(texts: KeptTexts(store: node))
            let first = try await forms.keep(#require(form([("name", "first"), ("name", "a\u{0}\"ä")])), of: nil)
            let other = try await forms.keep(#require(form([("name", "other")])), of: "a key that was set elsewhere")
            #expect(other.browser != "a key that was set elsewhere" && other.browser != first.browser)
            #expect(try await others.form(first.form, of: nil) == nil)
            #expect(try await others.form(first.form, of: other.browser) == nil)
            let second = try await others.keep(
                #require(form([("name", "second"), ("password", "p")])),
                of: first.browser
            )
            #expect(second.browser == first.browser && second.form != first.form)
            let found = try #require(try await others.form(first.form, of: first.browser))
            #expect(found.form.items.map(\.value) == ["first", "a\u{0}\"ä"] && !found.hadSecret)
            #expect(found.address == "/if/admin/users/create/" && found.back == "/if/admin/users/")
            let next = try #require(try await forms.form(second.form, of: first.browser))
            #expect(next.form["name"] == "second" && next.hadSecret)
        }
    }

    @Test("a form is found by its key; the oldest give way")
    func bounded() async throws {
        try await StoreFixture.with { temporary in
            let forms = KeptForms(texts: KeptTexts(store: temporary.store))
            func found(_ place: KeptForms.Place) async throws -> KeptForm? {
                try await forms.form(place.form, of: place.browser)
            }
            let first = try await forms.keep(#require(form([("name", "first")])), of: nil)
            #expect(try await found(first)?.form["name"] == "first")
            #expect(try await forms.form("guessed", of: first.browser) == nil)
            var last = first
            for number in 0..<200 {
                last = try await forms.keep(#require(form([("name", "\(number)")])), of: nil)
            }
            #expect(try await found(first) == nil)
            #expect(try await found(last)?.form["name"] == "199")
            let large = try #require(form([("name", String(repeating: "x", count: 2 << 20))]))
            for _ in 0..<8 { _ = try await forms.keep(large, of: nil) }
            #expect(try await found(last) == nil)
        }
    }

    @Test("a client without a session has room for small forms, and not for many")
    func strangers() async throws {
        let budget = StrangerBudget(most: 3, mostOfOne: 2, time: .seconds(60))
        let now = ContinuousClock.now
        #expect(budget.admits("ada", at: now) && budget.admits("ada", at: now) && !budget.admits("ada", at: now))
        #expect(budget.admits("bert", at: now) && !budget.admits("carl", at: now))
        #expect(budget.admits("carl", at: now + .seconds(61)))
        try await StoreFixture.with { temporary in
            let forms = KeptForms(texts: KeptTexts(store: temporary.store))
            let fits = try #require(form([("name", String(repeating: "x", count: 250 << 10))]))
            let large = try #require(form([("name", String(repeating: "x", count: 257 << 10))]))
            #expect(forms.admits(fits, from: "ada") && !forms.admits(large, from: "ada"))
        }
    }

    @Test("a form that is too large, one of too many, and one that the database does not take lead to the sign-in")
    func refused() async throws {
        try await ServedProgram.with { server in
            func place(_ name: String) async throws -> String? {
                let answer = try await HTTP.text(
                    "POST",
                    "\(server.origin)/if/admin/users/create/",
                    headers: [("Sec-Fetch-Site", "same-origin")],
                    form: "name=\(name)"
                )
                return answer.status == 303 ? answer.headers["location"] : nil
            }
            let signIn = try #require(try await place(String(repeating: "x", count: 300 << 10)))
            #expect(!signIn.contains("kept="))
            for _ in 0..<49 { #expect(try await place("Ada")?.contains("kept=") == true) }
            let store = try await Store.open(dataFolder: server.folder)
            try await store.write { try $0.execute("ALTER TABLE kept_texts RENAME TO away") }
            #expect(try await place("Ada") == signIn)
            try await store.write { try $0.execute("ALTER TABLE away RENAME TO kept_texts") }
            try store.close()
            // This was the last one: the one that was not kept counts too.
            #expect(try await place("Ada") == signIn)
        }
    }
}
