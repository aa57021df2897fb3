package import CausewayJSON

/// The pages of a listing, in turn; the next is requested when the one before has been processed.
package struct GraphPages: AsyncSequence, Sendable {
    let client: GraphClient
    let request: GraphRequest

    package struct Iterator: AsyncIteratorProtocol {
        let client: GraphClient
        let request: GraphRequest
        var next: String?
        var seen = 0

        /// The elements of the next page; nil after the last one.
        ///
        /// - Throws: ``GraphFailure``, or `CancellationError`.
        package mutating func next() async throws -> [JSONValue]? {
            guard let url = next else { return nil }
            let body = try await client.send(request, at: url).body
            guard let values = body?["value"]?.array else {
                throw GraphFailure(kind: .refused, message: "Graph's list has no 'value'.")
            }
            next = try body?["@odata.nextLink"]?.string.map { try client.checkedNextLink($0, after: url) }
            return values
        }
    }

    package func makeAsyncIterator() -> Iterator {
        Iterator(client: client, request: request, next: client.endpoints.graph + request.path)
    }
}

extension GraphClient {
    /// The pages of a listing.
    package func pages(_ request: GraphRequest) -> GraphPages { GraphPages(client: self, request: request) }

    /// The rest of a listing whose first page came in a batch.
    ///
    /// - Parameter request: the one that was answered with the first page.
    package func pages(from nextLink: String, of request: GraphRequest) throws -> GraphPages.Iterator {
        GraphPages.Iterator(client: self, request: request, next: try checkedNextLink(nextLink, after: ""))
    }

    /// The request carries the token: it may go only to the host that the token is for.
    func checkedNextLink(_ text: String, after url: String) throws -> String {
        guard text.hasPrefix(endpoints.graphOrigin + "/") else {
            throw GraphFailure(kind: .refused, message: "Graph's next page is on another host and is not read.")
        }
        guard text != url else {
            throw GraphFailure(
                kind: .refused,
                message: "Graph's next page is the page itself; the listing would not end."
            )
        }
        return text
    }
}
