import CausewayGraph
import CausewayTestSupport
import Testing

@Suite("The network")
struct TransportTests {
    private static func send(_ transport: NetworkTransport, to url: String) async throws -> HTTPAnswer {
        let request = HTTPRequestMessage(
            method: "POST",
            url: url,
            headers: [("Authorization", "Bearer hush-hush")],
            body: Array("hush-hush".utf8)
        )
        return try await transport.sendOnce(request)
    }

    @Test("nothing is sent to an address that is not allowed, even if a name resolves to it")
    func forbidden() async throws {
        let listener = try LoopbackListener()
        async let words = listener.visit()
        let error = await #expect(throws: TransportError.self) {
            try await Self.send(NetworkTransport(allowing: { _ in false }), to: listener.url)
        }
        #expect(await words == "")
        if case .lostAnswer = error { Issue.record("\(String(describing: error))") }
    }

    @Test("a redirect is an answer, and is not followed")
    func redirect() async throws {
        let (listener, elsewhere) = (try LoopbackListener(), try LoopbackListener())
        async let words = listener.visit(
            answer: "HTTP/1.1 307 Temporary Redirect\r\nLocation: \(elsewhere.url)/\r\nContent-Length: 0\r\n\r\n"
        )
        let answer = try await Self.send(NetworkTransport(), to: listener.url)
        #expect(answer.status == 307)
        #expect(await words.contains("hush-hush"))
        #expect(!elsewhere.hasVisitor)
    }
}
