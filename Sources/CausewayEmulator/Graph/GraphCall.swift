import CausewayJSON
import Foundation

/// A request to Graph, however it came: alone or in a batch.
struct GraphCall: Sendable {
    let method: String
    let path: GraphPath
    /// By name, `$` included.
    let query: [String: String]
    /// By lower-case name.
    let headers: [String: String]
    let body: JSONValue?
    /// Who calls; the log-in service knows.
    var caller = Caller()

    /// Whether the path ends with a type, which narrows a list to it.
    var isCast: Bool {
        guard case .name(let last)? = path.segments.last else { return false }
        return last.hasPrefix("microsoft.graph.") && !names.contains("deletedItems")
    }

    /// A query option; its `$` may be left out.
    func option(_ name: String) -> String? { query["$\(name)"] ?? query[name] }

    /// The plain names in the path.
    var names: [String] {
        path.segments.compactMap { segment in
            if case .name(let name) = segment { name } else { nil }
        }
    }

    /// Whether the caller accepts answers that lag behind writes, which advanced queries need.
    var isEventual: Bool { headers["consistencylevel"]?.lowercased() == "eventual" }
}

/// An answer, before it is put on the wire or into a batch.
struct GraphReply: Sendable {
    var status: Int
    var headers: [String: String] = [:]
    var body: JSONValue?
    /// In place of JSON.
    var text: String?
    /// Seconds that the answer takes.
    var delay = 0.0
    /// Whether the connection is closed in place of an answer.
    var isDropped = false

    static func ok(_ body: JSONValue) -> GraphReply { GraphReply(status: 200, body: body) }
    static let noContent = GraphReply(status: 204)
}

/// A path below the version, cut into its segments: `/users/{id}`, `/groups(uniqueName='x')/members/$ref`.
struct GraphPath: Sendable, Equatable {
    /// Decoded; an alternate key or quoted id is in `key` form of its own: `groups`, then the key.
    let segments: [Segment]

    enum Segment: Sendable, Equatable {
        case name(String)
        /// `(property='value')`
        case key(property: String, value: String)

        /// The name or the key's value.
        var text: String {
            switch self {
            case .name(let name): name
            case .key(_, let value): value
            }
        }
    }

    /// - Parameter text: the path without query, still percent-encoded.
    init?(_ text: some StringProtocol) {
        var segments: [Segment] = []
        for part in text.split(separator: "/") {
            guard let decoded = String(part).removingPercentEncoding else { return nil }
            guard decoded.hasSuffix(")"), let opening = decoded.firstIndex(of: "(") else {
                segments.append(.name(decoded))
                continue
            }
            let name = decoded[..<opening]
            if !name.isEmpty { segments.append(.name(String(name))) }
            let inner = decoded[decoded.index(after: opening)...].dropLast()
            guard let key = Self.key(inner) else { return nil }
            segments.append(key)
        }
        self.segments = segments
    }

    private static func key(_ text: Substring) -> Segment? {
        let parts = text.split(separator: "=", maxSplits: 1)
        guard let literal = parts.last, literal.count >= 2, literal.hasPrefix("'"), literal.hasSuffix("'") else {
            return nil
        }
        let value = literal.dropFirst().dropLast().replacing("''", with: "'")
        return parts.count == 1 ? .name(String(value)) : .key(property: String(parts[0]), value: String(value))
    }
}
