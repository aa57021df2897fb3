import CausewayGraph
import CausewayJSON
import Testing

@testable import causeway_bench

@Suite("When a write leaves and is answered")
struct WriteWatchTests {
    private struct Answers: HTTPTransport {
        func send<Reader: BodyReader>(
            _ request: HTTPRequestMessage,
            deadline: ContinuousClock.Instant,
            body reader: Reader
        ) async throws -> (HTTPHead, Reader) { (HTTPHead(status: 200, headers: [:]), reader) }
    }

    private static func sees(_ method: String, _ path: String, _ body: JSONValue?) async throws -> Bool {
        let watch = WriteWatch()
        let transport = ObservedTransport(network: Answers(), watch: watch)
        watch.begin("7f")
        let request = HTTPRequestMessage(
            method: method,
            url: "http://graph/v1.0/\(path)",
            headers: [],
            body: body?.bytes
        )
        _ = try await transport.send(request, deadline: .now + .seconds(1))
        return watch.passage.map { $0.departure <= $0.answer } ?? false
    }

    private static func batch(_ method: String, _ url: String) -> JSONValue {
        [
            "requests": [
                ["id": "1", "method": "GET", "url": "/users/7f"],
                ["id": "2", "method": .string(method), "url": .string(url)],
            ]
        ]
    }

    @Test("a write of the user counts, alone and in a batch; reads and writes of others do not")
    func writes() async throws {
        #expect(try await Self.sees("PATCH", "users/7f", [:]))
        #expect(try await Self.sees("POST", "$batch", Self.batch("PATCH", "/users/7f")))
        #expect(try await !Self.sees("GET", "users/7f", nil))
        #expect(try await !Self.sees("PATCH", "users/8a", [:]))
        #expect(try await !Self.sees("POST", "$batch", Self.batch("PATCH", "/users/8a")))
    }
}
