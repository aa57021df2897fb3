import CausewayHelp
import CausewayModel
import Foundation
import Testing

@testable import CausewayWeb

@Suite("The addresses of the interface")
struct AddressTests {
    @Test("routes have names in braces, and links have escaped values")
    func forms() {
        #expect(Address.provider("{id}", .failures)("{cause}").pattern == "/if/admin/providers/{id}/failures/{cause}/")
        #expect(
            Address.provider(7, .failures)("user:mail:character:/").text
                == "/if/admin/providers/7/failures/user%3Amail%3Acharacter%3A%2F/"
        )
        #expect(Address.provider(7).text == "/if/admin/providers/7/")
        #expect(Address.token("a b/c?").edit.text == "/if/admin/tokens/a%20b%2Fc%3F/edit/")
        #expect(Address.token("{id}").text == "/if/admin/tokens/%7Bid%7D/")
        #expect(Address.link("l", .group, provider: 7)("unlink").text == "/if/admin/providers/7/groups/l/unlink/")
        #expect(Address.users.query([("page", "2"), ("search", "a&b")]) == "/if/admin/users/?page=2&search=a%26b")
    }

    @Test("the address of every page leads to that page only")
    func routes() throws {
        let shelf = try ManualShelf(folder: WebResources.builtFolder)
        let pages = Pages(texts: try Texts(.built, .english), shelf: shelf)
        let router = PageRouter(pages.routes)
        for route in pages.routes {
            let path = "/" + route.segments.map { $0.hasPrefix("{") ? "7/" : "\($0)/" }.joined()
            #expect(router.match(route.method, path)?.route.segments == route.segments, "\(path)")
        }
        #expect(pages.routes.count > 80)
    }
}
