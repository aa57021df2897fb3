import CausewayGraph
import CausewayJSON

/// Separates the properties of one object that Graph refuses from those that it accepts, after it has refused them together.
///
/// If Graph names the property at fault, the others are sent without it. If it names none, properties that may need a permission of
/// their own are sent separately from the rest, and then in halves: at most two requests per property.
struct ChangeSeparation {
    let graph: GraphClient
    /// The object's address.
    let path: String
    let body: [String: JSONValue]
    /// Properties that may need a permission of their own.
    let sensitive: Set<String>
    private(set) var accepted: Set<String> = []
    private(set) var refused: [(name: String, failure: GraphFailure)] = []
    /// The passing failure that kept some of them from being tried to the end.
    private(set) var passing: GraphFailure?

    init(graph: GraphClient, path: String, body: [String: JSONValue], sensitive: Set<String>) {
        (self.graph, self.path, self.body, self.sensitive) = (graph, path, body, sensitive)
    }

    /// Sends some properties, and separates them if they are refused.
    mutating func send(_ names: [String]) async throws {
        guard !names.isEmpty else { return }
        let request = GraphRequest(
            .patch,
            path,
            body: .object(body.filter { names.contains($0.key) }),
            repetition: .harmless
        )
        for result in try await graph.send(batch: [request]) {
            switch result {
            case .success: accepted.formUnion(names)
            case .failure(let failure): try await separate(names, failure)
            }
        }
    }

    /// Separates some properties that were refused together.
    mutating func separate(_ names: [String], _ failure: GraphFailure) async throws {
        guard failure.refusesContent else {
            passing = failure
            return
        }
        if let name = failure.name(among: names) ?? (names.count == 1 ? names[0] : nil) {
            refused.append((name, failure))
            return try await send(names.filter { $0 != name })
        }
        for part in split(names) { try await send(part) }
    }

    private func split(_ names: [String]) -> [[String]] {
        let parts = [names.filter { !sensitive.contains($0) }, names.filter(sensitive.contains)]
        if parts.allSatisfy({ !$0.isEmpty }) { return parts }
        return [Array(names.prefix(names.count / 2)), Array(names.dropFirst(names.count / 2))]
    }
}

extension GraphFailure {
    /// The property at fault, if Graph names one of those that were sent: `passwordProfile.password` counts as `passwordProfile`.
    func name(among names: [String]) -> String? {
        let root = property?.split(separator: ".").first.map(String.init)
        return names.first { $0 == root }
    }
}
