import HTTPTypes
import Testing

@testable import CausewayWeb

@Suite("The addresses of pages")
struct RouterTests {
    private static let paths = [
        "/a/{id}/delete/", "/a/{id}/", "/a/bulk/{action}/", "/a/create/", "/a/", "/{any}/create/", "/a/{id}/{tab}/x/",
    ]

    @Test("an address leads to the page with the most fixed words from the left, in any order of the pages")
    func order() throws {
        let wanted = [
            "/a/7/delete/": 0, "/a/7/": 1, "/a/bulk/delete/": 2, "/a/create/": 3, "/a/": 4, "/b/create/": 5,
            "/a/b/c/x/": 6,
        ]
        for turn in Self.paths.indices {
            let paths = Array(Self.paths[turn...] + Self.paths[..<turn])
            let router = PageRouter(
                paths.map { path in PageRoute(.get, path) { _ in PageResponse.redirect(path) } }
            )
            for (path, place) in wanted {
                let found = try #require(router.match(.get, path), "\(path)")
                #expect(found.route.segments == Self.paths[place].split(separator: "/"), "\(path)")
            }
        }
    }
}
