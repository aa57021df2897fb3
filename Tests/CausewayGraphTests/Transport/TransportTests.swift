import CausewayGraph
import CausewayTestSupport
import Testing

@Suite("The network")
struct TransportTests {
    private static func send(_ transport: NetworkTransport, to url: String) async throws -> HTTPAnswer {
        try await transport.sendOnce(request(to: url))
    }

    private static func request(to url: String) -> HTTPRequestMessage {
        HTTPRequestMessage(
            method: "POST",
            url: url,
            headers: [("Authorization", "Bearer hush-hush")],
            body: Array("hush-hush".utf8)
        )
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

    @Test("when its time is over, nothing is sent any more")
    func fence() async throws {
        let listener = try LoopbackListener()
        let fence = SendingFence()
        let answer = "HTTP/1.1 204 No Content\r\n\r\n"
        try await NetworkTransport(NetworkSettings(), fence: fence).used { transport in
            func send() async throws -> Int {
                try await transport.send(Self.request(to: listener.url), deadline: .now + .seconds(60)).status
            }
            fence.open(until: .now + .seconds(60))
            async let words = listener.visit(answer: answer)
            let first = try await send()
            #expect(first == 204)
            #expect(await words.contains("hush-hush"))
            fence.open(until: .now)
            await #expect(throws: TransportError.stopped) { try await send() }
            #expect(!listener.hasVisitor)
            fence.lift()
            async let later = listener.visit(answer: answer)
            let second = try await send()
            #expect(second == 204)
            #expect(await later.contains("hush-hush"))
        }
    }

    @Test("a request that waits for its connection is not sent if the time is over before it is there")
    func fenceAtTheSocket() async throws {
        let listener = try LoopbackListener()
        let fence = SendingFence()
        // The connection is made, and checked, when the time ends.
        let transport = NetworkTransport(
            allowing: { _ in
                fence.open(until: .now)
                return true
            },
            fence: fence
        )
        async let words = listener.visit()
        await #expect(throws: (any Error).self) { try await Self.send(transport, to: listener.url) }
        #expect(await words == "")
    }
}
