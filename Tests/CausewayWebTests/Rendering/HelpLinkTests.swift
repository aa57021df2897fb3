import CausewayHelp
import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayWeb

@Suite("Links from pages to the documentation")
struct HelpLinkTests {
    private let manual: Manual
    private let resources = WebResources.built

    init() throws {
        manual = try ManualShelf(folder: WebResources.builtFolder).manual()
    }

    private func exists(_ place: HelpPlace) -> Bool {
        guard let page = manual.page(place.page), page.isPublic else { return false }
        return place.anchor.isEmpty || page.anchors.contains(place.anchor)
    }

    @Test("every target exists")
    func targets() {
        for (key, place) in HelpLinks.pages { #expect(exists(place), "\(key): \(place.text)") }
        for (key, place) in HelpLinks.groups { #expect(exists(place), "\(key): \(place.text)") }
        for (key, place) in HelpLinks.fields { #expect(exists(place), "\(key): \(place.text)") }
        #expect(HelpPlace("register-in-entra#client-secret").text == "/help/register-in-entra/#client-secret")
        #expect(HelpPlace("").text == Manual.base)
    }

    @Test("every field of every form has its place, and the tables name only fields and groups that exist")
    func fields() {
        var (fields, groups) = (Set<String>(), Set<String>())
        for form in Pages.forms {
            groups.formUnion(form.groups.map { "\(form.key).\($0.key)" })
            for field in form.fields {
                fields.insert("\(form.key).\(field.name)")
                let place = HelpLinks.field(field.name, of: form.key)
                #expect(place.map(exists) == true, "\(form.key) \(field.name): \(place?.text ?? "none")")
            }
        }
        #expect(Set(HelpLinks.fields.keys).subtracting(fields).sorted() == [])
        #expect(Set(HelpLinks.groups.keys).subtracting(groups).sorted() == [])
    }

    @Test("every place of the navigation has its page")
    func places() throws {
        let texts = try Texts(resources, .english)
        let count = Navigation(texts: texts).sections(place: nil).flatMap(\.places).count
        let keys = [
            "dashboard", "applications", "providers", "users", "groups", "property_mappings", "events",
            "administrators",
            "tokens", "system",
        ]
        #expect(count == keys.count)
        for key in keys { #expect(HelpLinks.page(key, "list") != nil, "\(key)") }
        #expect(HelpLinks.page("providers", "form") == "provider-settings")
        #expect(HelpLinks.page("providers", "provider-drift") == "engine#drift")
        #expect(HelpLinks.page(nil, "error") == nil)
    }

    @Test("links in templates lead to pages that exist")
    func templates() throws {
        var count = 0
        for (name, bytes) in try resources.files(in: "templates") {
            for match in String(decoding: bytes, as: UTF8.self).matches(of: /"\/help\/([^"{}]*)"/) {
                let text = String(match.1).replacing("/#", with: "#")
                let place = HelpPlace(text.hasSuffix("/") ? String(text.dropLast()) : text)
                guard !["search", "api", "api/schemas"].contains(place.page) else { continue }
                count += 1
                #expect(exists(place), "\(name): \(match.0)")
            }
        }
        #expect(count >= 3)
    }
}
