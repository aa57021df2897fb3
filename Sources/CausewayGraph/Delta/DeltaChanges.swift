import CausewayJSON

/// One round of a delta query (Graph, "Use delta query to track changes"), page by page; only one page is in memory at a time.
///
/// If Graph no longer knows the link, the round starts over with all objects, and says so.
package struct DeltaChanges: AsyncSequence, Sendable {
    /// What a round yields, piece by piece.
    package enum Element: Hashable, Sendable {
        /// All objects follow: an object that the round does not name by its end does not exist. May come again within a round;
        /// then everything before it is void.
        case begin(DeltaRound)
        case changes([DeltaChange])
        /// The round is complete; the link is for the next round.
        case end(DeltaLink)
    }

    /// What a round reports.
    package enum DeltaRound: Hashable, Sendable {
        /// All objects.
        case everything
        /// What changed since the last round.
        case changes
    }

    let client: GraphClient
    let first: GraphRequest
    let link: DeltaLink?

    package func makeAsyncIterator() -> Iterator { Iterator(changes: self) }

    /// Passes on the pieces of a round in turn, and reads a page while the one before it is processed.
    ///
    /// - Throws: what reading throws (``Iterator/next()``), or what the closure throws.
    package func forEach(_ process: (Element) async throws -> Void) async throws {
        var step = try await Self.next(of: makeAsyncIterator())
        while let element = step.element {
            let iterator = step.iterator
            async let following = Self.next(of: iterator)
            try await process(element)
            step = try await following
        }
    }

    private static func next(of iterator: Iterator) async throws -> (element: Element?, iterator: Iterator) {
        var iterator = iterator
        let element = try await iterator.next()
        return (element, iterator)
    }

    /// Iterates over a round.
    package struct Iterator: AsyncIteratorProtocol, Sendable {
        private enum State {
            case beginning(DeltaLink?)
            case page(String)
            case closing(DeltaLink)
            case ended
        }

        private let changes: DeltaChanges
        private var state: State
        /// The link that this round began with; nil while it reports all objects.
        private var origin: DeltaLink?
        private var restarts = 0
        /// Links of this round, so that a round that leads back to itself ends.
        private var visited: Set<String> = []

        private static let mostRestarts = 5

        init(changes: DeltaChanges) {
            self.changes = changes
            state = .beginning(changes.link)
        }

        /// - Throws: ``GraphFailure``, or `CancellationError`. A round that has thrown can begin again with the same link.
        package mutating func next() async throws -> Element? {
            switch state {
            case .ended: return nil
            case .beginning(let link): return try begin(link)
            case .page(let url): return try await page(url)
            case .closing(let link):
                state = .ended
                return .end(link)
            }
        }

        private mutating func begin(_ link: DeltaLink?) throws -> Element {
            origin = link
            visited = []
            let start = changes.client.endpoints.graph + changes.first.path
            state = .page(try link.map { try changes.client.checkedNextLink($0.url, after: "") } ?? start)
            return .begin(link == nil ? .everything : .changes)
        }

        private mutating func page(_ url: String) async throws -> Element {
            guard visited.insert(url).inserted else {
                throw GraphFailure(kind: .refused, message: "Graph's delta leads back to a page that was already read.")
            }
            let body: JSONValue?
            do { body = try await changes.client.send(changes.first, at: url).body } catch let failure as GraphFailure {
                try restart(after: failure, at: url)
                return try begin(origin)
            }
            guard let values = body?["value"]?.array else {
                throw GraphFailure(kind: .refused, message: "Graph's delta has no 'value'.")
            }
            let told = try values.map(DeltaChange.init)
            return try advance(body, told, after: url)
        }

        private mutating func advance(_ body: JSONValue?, _ told: [DeltaChange], after url: String) throws -> Element {
            if let next = body?["@odata.nextLink"]?.string {
                state = .page(try changes.client.checkedNextLink(next, after: url))
            } else if let last = body?["@odata.deltaLink"]?.string {
                let link = DeltaLink(url: try changes.client.checkedNextLink(last, after: ""))
                guard !told.isEmpty else {
                    state = .ended
                    return .end(link)
                }
                state = .closing(link)
            } else {
                throw GraphFailure(kind: .refused, message: "Graph's delta has neither a next link nor a delta link.")
            }
            return .changes(told)
        }

        /// Graph no longer knows a link of the round: start again from its beginning, or with all objects if the beginning itself
        /// is unknown (any 400 or 410; the documentation does not say which).
        private mutating func restart(after failure: GraphFailure, at url: String) throws {
            let isFirstPage = visited.count == 1
            guard failure.foreign == nil, failure.kind == .expiredPage || failure.status == 400,
                restarts < Self.mostRestarts,
                !(isFirstPage && origin == nil)
            else { throw failure }
            restarts += 1
            if isFirstPage { origin = nil }
        }
    }
}

extension GraphClient {
    /// A round of a delta query of `users` or `groups`.
    ///
    /// - Parameters:
    ///   - select: properties, and `members` or `manager` for links. Changes of other properties are not reported.
    ///   - link: the end of the last round; nil for all objects.
    package func delta(_ collection: String, select: [String], from link: DeltaLink? = nil) -> DeltaChanges {
        let path = "/\(collection)/delta?$select=\(select.joined(separator: ","))"
        return DeltaChanges(client: self, first: GraphRequest(.get, path), link: link)
    }
}
