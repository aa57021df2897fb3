import Foundation
import HTTPTypes

typealias PageHandler = @Sendable (PageRequest) async throws -> PageResponse

/// A page, or the handler of a form.
struct PageRoute: Sendable {
    let method: HTTPRequest.Method
    let segments: [Substring]
    /// Whether it needs no session.
    let isOpen: Bool
    /// Whether the page is a form that shows what was entered before a session ended.
    private(set) var keepsForm = false
    let handler: PageHandler

    /// - Parameter path: with values in braces: `/if/admin/users/{id}/`.
    init(_ method: HTTPRequest.Method, _ path: String, isOpen: Bool = false, _ handler: @escaping PageHandler) {
        self.method = method
        segments = path.split(separator: "/")
        self.isOpen = isOpen
        self.handler = handler
    }

    /// - Parameter address: an address with names in braces for values.
    init(_ method: HTTPRequest.Method, _ address: Address, isOpen: Bool = false, _ handler: @escaping PageHandler) {
        self.init(method, address.pattern, isOpen: isOpen, handler)
    }

    /// The route of a form that shows what was entered before a session ended.
    var keepingForm: PageRoute {
        var route = self
        route.keepsForm = true
        return route
    }

    /// The values in a path; nil if it does not match.
    fileprivate func values(in parts: [Substring]) -> [String: String]? {
        guard parts.count == segments.count else { return nil }
        var values: [String: String] = [:]
        for (segment, part) in zip(segments, parts) {
            if segment.hasPrefix("{") {
                values[String(segment.dropFirst().dropLast())] = part.removingPercentEncoding ?? String(part)
            } else if segment != part {
                return nil
            }
        }
        return values
    }

    /// Words take precedence over values, from the left: `bulk/{action}/` is tried before `{id}/delete/`.
    fileprivate var rank: [Int] { segments.map { $0.hasPrefix("{") ? 1 : 0 } }
}

/// Finds the page for a path.
struct PageRouter: Sendable {
    private let routes: [PageRoute]

    init(_ routes: [PageRoute]) { self.routes = routes.sorted { $0.rank.lexicographicallyPrecedes($1.rank) } }

    func match(_ method: HTTPRequest.Method, _ path: String) -> (route: PageRoute, values: [String: String])? {
        let parts = path.split(separator: "/")
        for route in routes where route.method == (method == .head ? .get : method) {
            if let values = route.values(in: parts) { return (route, values) }
        }
        return nil
    }
}
