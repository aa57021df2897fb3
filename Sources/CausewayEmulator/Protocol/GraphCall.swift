import CausewayJSON
import Foundation

/// A request to Graph, sent alone or in a batch.
struct GraphCall: Sendable {
    let method: String
    let path: GraphPath
    /// By name, including `$`.
    let query: [String: String]
    /// By lower-case name.
    let headers: [String: String]
    var body: JSONValue?
    /// The caller, as the sign-in service knows it.
    var caller = GraphCaller()
    /// Whether it seeds earlier content, by means other than Graph.
    var isSeed = false

    /// The name of a request for a token in fault rules and counts.
    static let tokenOperation = "POST /token"

    /// A call whose address cannot be read.
    static func unreadable(_ method: String) -> GraphCall {
        GraphCall(method: method, path: .unreadable, query: [:], headers: [:], body: nil)
    }

    var isBatch: Bool { path.segments == [.name("$batch")] }

    /// Whether the body is binary, perhaps an image, instead of JSON (OData 4.01, Protocol, 11.4.7.2).
    var isMedia: Bool { path.segments.last == .name("$value") }

    /// Whether the path ends with a type, which restricts a list to it.
    var isCast: Bool {
        guard case .name(let last)? = path.segments.last else { return false }
        return last.hasPrefix("microsoft.graph.") && !names.contains("deletedItems")
    }

    /// OData allows control information in a body, which is not written: `@odata.type`, `@odata.context`.
    mutating func dropControlInformation() {
        guard case .object(let members)? = body else { return }
        body = .object(members.filter { !$0.key.hasPrefix("@odata.") || $0.key == "@odata.id" })
    }

    /// A query option; its `$` may be left out.
    func option(_ name: String) -> String? { query["$\(name)"] ?? query[name] }

    /// The plain names in the path.
    var names: [String] {
        path.segments.compactMap { segment in
            if case .name(let name) = segment { name } else { nil }
        }
    }

    /// Whether the caller accepts answers that lag behind writes, which advanced queries require.
    var isEventual: Bool { headers["consistencylevel"]?.lowercased() == "eventual" }
}

/// An answer, before it is sent alone or in a batch.
struct GraphReply: Sendable {
    var status: Int
    var headers: [String: String] = [:]
    var body: JSONValue?
    /// Instead of JSON.
    var text: String?
    /// Seconds that the answer takes.
    var delay = 0.0
    /// Whether the connection is closed instead of an answer.
    var isDropped = false

    var isSuccess: Bool { (200...299).contains(status) }

    static func ok(_ body: JSONValue) -> GraphReply { GraphReply(status: 200, body: body) }
    static let noContent = GraphReply(status: 204)
}

/// A path below the version, split into its segments: `/users/{id}`, `/groups(uniqueName='x')/members/$ref`.
struct GraphPath: Sendable, Equatable {
    /// Decoded; an alternate key or quoted id is a segment of its own: `groups`, then the key.
    let segments: [Segment]

    enum Segment: Sendable, Equatable, CustomStringConvertible {
        case name(String)
        /// `(property='value')`
        case key(property: String, value: String)

        var description: String {
            switch self {
            case .name(let name): name
            case .key(let property, let value): "(\(property)='\(value)')"
            }
        }

        /// The name or the key's value.
        var text: String {
            switch self {
            case .name(let name): name
            case .key(_, let value): value
            }
        }
    }

    /// Leads nowhere.
    static let unreadable = GraphPath(segments: [])

    private init(segments: [Segment]) { self.segments = segments }

    /// - Parameter text: the path without query, still percent-encoded.
    init?(_ text: some StringProtocol) {
        var segments: [Segment] = []
        for part in text.split(separator: "/") {
            guard let decoded = String(part).removingPercentEncoding else { return nil }
            guard decoded.hasSuffix(")"), let opening = decoded.firstIndex(of: "(") else {
                segments.append(.name(Self.unqualified(decoded)))
                continue
            }
            let name = decoded[..<opening]
            if !name.isEmpty { segments.append(.name(Self.unqualified(String(name)))) }
            let inner = decoded[decoded.index(after: opening)...].dropLast()
            // A function may be called with brackets: `/users/delta()`.
            if inner.isEmpty, !name.isEmpty { continue }
            guard let key = Self.key(inner) else { return nil }
            segments.append(key)
        }
        self.segments = segments
    }

    /// A name as it is documented. `graph` is an alias of the schema's namespace, and functions and actions may be qualified with it:
    /// `graph.user` is `microsoft.graph.user`, and `microsoft.graph.delta` is `delta`. The letter case does not count: Graph's own pages
    /// write `/me/memberof` and `/me/memberOf` (microsoft-graph-devx-content, issue 133).
    private static func unqualified(_ name: String) -> String {
        let folded = name.lowercased()
        guard folded.hasPrefix("graph.") || folded.hasPrefix("microsoft.graph."), !name.contains("@"),
            let last = name.split(separator: ".").last.map(String.init)
        else { return GraphCall.spelling(of: name) ?? name }
        return GraphCall.spelling(of: last) ?? EntryKind.named(last)?.typeName ?? "microsoft.graph.\(last)"
    }

    private static func key(_ text: Substring) -> Segment? {
        let parts = text.split(separator: "=", maxSplits: 1)
        guard let literal = parts.last, literal.count >= 2, literal.hasPrefix("'"), literal.hasSuffix("'") else {
            return nil
        }
        let value = literal.dropFirst().dropLast().replacing("''", with: "'")
        guard parts.count == 2 else { return .name(String(value)) }
        let property = alternateKeys.first { $0.lowercased() == parts[0].lowercased() } ?? String(parts[0])
        return .key(property: property, value: String(value))
    }

    private static let alternateKeys = ["appId", "uniqueName", "userPrincipalName"]
}
