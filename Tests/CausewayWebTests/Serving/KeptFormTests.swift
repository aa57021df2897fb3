import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayWeb

@Suite("Forms that are kept until the person has signed in")
struct KeptFormTests {
    private func form(_ items: [(name: String, value: String)]) -> KeptForm? {
        KeptForm(address: "/if/admin/users/create/", form: FormFields(items), back: "/if/admin/users/")
    }

    @Test("secrets are not kept; a form of secrets alone is nothing")
    func secrets() throws {
        let kept = try #require(form([("_token", "t"), ("name", "Ada"), ("client_secret", "s"), ("password", "")]))
        #expect(kept.form.items.map(\.name) == ["name"] && kept.hadSecret)
        #expect(try #require(form([("name", "Ada"), ("password", "")])).hadSecret == false)
        #expect(form([("_token", "t"), ("password", "p")]) == nil)
    }

    @Test("a form is found by its key alone; the oldest give way")
    func bounded() async throws {
        let forms = KeptForms()
        let first = try await forms.keep(#require(form([("name", "first")])))
        #expect(await forms.form(first)?.form["name"] == "first")
        #expect(await forms.form("guessed") == nil)
        var last = ""
        for number in 0..<200 { last = try await forms.keep(#require(form([("name", "\(number)")]))) }
        #expect(await forms.form(first) == nil)
        #expect(await forms.form(last)?.form["name"] == "199")
        let large = try #require(form([("name", String(repeating: "x", count: 2 << 20))]))
        for _ in 0..<8 { _ = await forms.keep(large) }
        #expect(await forms.form(last) == nil)
    }
}
