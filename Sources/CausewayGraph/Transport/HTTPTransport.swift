/// A request on the wire.
package struct HTTPRequestMessage: Sendable {
    package let method: String
    package let url: String
    package let headers: [(String, String)]
    package let body: [UInt8]?

    package init(method: String, url: String, headers: [(String, String)], body: [UInt8]?) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// The beginning of an answer.
package struct HTTPHead: Sendable {
    package let status: Int
    /// By lower-case name.
    package let headers: [String: String]

    package init(status: Int, headers: [String: String]) { (self.status, self.headers) = (status, headers) }
}

/// Reads the body of an answer piece by piece, as it arrives, so that it need not be in memory as a whole.
package protocol BodyReader: Sendable {
    mutating func take(_ piece: UnsafeBufferPointer<UInt8>)
}

/// A complete answer.
package struct HTTPAnswer: Sendable {
    package let head: HTTPHead
    package let body: [UInt8]

    package var status: Int { head.status }
}

/// Sends one request and waits for its answer. It does not handle retries, tokens or pacing.
package protocol HTTPTransport: Sendable {
    /// - Returns: the answer's head, and the reader after the whole body.
    /// - Throws: ``TransportError``, or `CancellationError` when the task is canceled.
    func send<Reader: BodyReader>(_ request: HTTPRequestMessage, deadline: ContinuousClock.Instant, body reader: Reader)
        async throws -> (HTTPHead, Reader)
}

extension HTTPTransport {
    /// Sends one request whose answer is short.
    ///
    /// - Throws: ``TransportError``, or `CancellationError` when the task is canceled.
    package func send(_ request: HTTPRequestMessage, deadline: ContinuousClock.Instant) async throws -> HTTPAnswer {
        let (head, body) = try await send(request, deadline: deadline, body: WholeBody())
        return HTTPAnswer(head: head, body: body.bytes)
    }
}

/// Keeps the body as it is.
private struct WholeBody: BodyReader {
    var bytes: [UInt8] = []

    mutating func take(_ piece: UnsafeBufferPointer<UInt8>) { bytes.append(contentsOf: piece) }
}

/// Why there is no answer.
package enum TransportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No connection could be made; nothing was sent.
    case unreachable(String)
    /// The sender has lost the right to send. Nothing was sent.
    case stopped
    /// The request did not get through a proxy. Nothing was sent.
    case proxy(ProxyFailure)
    /// The request may have been carried out.
    case lostAnswer(String)
    /// The request may have been carried out.
    case timedOut
    /// The answer is longer than anything Graph would send.
    case tooLarge(limit: Int)

    /// Whether the request was certainly not carried out.
    var isUnsent: Bool {
        switch self {
        case .unreachable, .stopped, .proxy: true
        case .lostAnswer, .timedOut, .tooLarge: false
        }
    }

    package var description: String {
        switch self {
        case .unreachable(let reason): "no connection (\(reason))"
        case .stopped: "not sent, because the run lost its lease"
        case .proxy(let failure): failure.sentence
        case .lostAnswer(let reason): "the connection broke before the answer (\(reason))"
        case .timedOut: "no answer in time"
        case .tooLarge(let limit): "the answer is longer than \(limit / 1_048_576) MB"
        }
    }
}
