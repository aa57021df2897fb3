import CausewayGraph
import CausewayJSON
import Synchronization

/// The network, with a watch that learns when a write about one user leaves and when its answer is there.
struct ObservedTransport: HTTPTransport {
    let network: any HTTPTransport
    let watch: WriteWatch

    func send<Reader: BodyReader>(_ request: HTTPRequestMessage, deadline: ContinuousClock.Instant, body reader: Reader)
        async throws -> (HTTPHead, Reader)
    {
        guard watch.isAwaiting(request) else {
            return try await network.send(request, deadline: deadline, body: reader)
        }
        watch.noteDeparture()
        let answer = try await network.send(request, deadline: deadline, body: reader)
        watch.noteAnswer()
        return answer
    }
}

/// The way of a change of one user to the tenant and back.
final class WriteWatch: Sendable {
    typealias Instant = ContinuousClock.Instant
    typealias Passage = (departure: Instant, answer: Instant)

    private struct State {
        var object: String?
        var departure: Instant?
        var answer: Instant?
    }

    private let state = Mutex(State())

    /// From now on it awaits a write about this user.
    ///
    /// - Parameter object: the id in Entra.
    func begin(_ object: String) { state.withLock { $0 = State(object: object) } }

    /// When the first request with the write was handed to the network, and when the whole answer had been read; nil until then.
    var passage: Passage? {
        state.withLock { state in
            guard let departure = state.departure, let answer = state.answer else { return nil }
            return (departure, answer)
        }
    }

    fileprivate func isAwaiting(_ request: HTTPRequestMessage) -> Bool {
        guard let object = state.withLock(\.object) else { return false }
        if request.method == "PATCH" { return request.url.contains(object) }
        guard request.method == "POST", request.url.hasSuffix("/$batch"), let body = request.body,
            let parts = try? JSONValue(parsing: body)["requests"]?.array
        else { return false }
        return parts.contains { $0["method"]?.string == "PATCH" && $0["url"]?.string?.contains(object) == true }
    }

    fileprivate func noteDeparture() { state.withLock { $0.departure = $0.departure ?? .now } }
    fileprivate func noteAnswer() { state.withLock { $0.answer = .now } }
}
