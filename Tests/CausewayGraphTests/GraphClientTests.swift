import CausewayGraph
import CausewayJSON
import Foundation
import Logging
import Testing

@Suite("The Graph client")
struct GraphClientTests {
    private let read = GraphRequest(.get, "/users/1")
    private let write = GraphRequest(.post, "/users", body: ["displayName": "x"])

    @Test("concurrent requests share one token request; a token that Graph refused is replaced")
    func tokens() async throws {
        let script = ScriptedTransport(Array(repeating: .answer(200, ["id": "1"]), count: 50))
        let client = script.client()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { _ = try await client.send(GraphRequest(.get, "/x")) } }
            try await group.waitForAll()
        }
        #expect(script.tokens == 1)
        let refusing = ScriptedTransport([.answer(401, nil), .answer(200, ["id": "1"])])
        #expect(try await refusing.client().send(write).body == ["id": "1"])
        #expect(refusing.tokens == 2)
        #expect(refusing.requests.count == 2)
    }

    @Test("every request has a unique request id")
    func requestIDs() async throws {
        let script = ScriptedTransport([.answer(200, ["id": "1"]), .answer(200, ["id": "1"])])
        let client = script.client()
        _ = try await client.send(read)
        _ = try await client.send(read)
        let ids = script.requests.compactMap { $0.headers.first { $0.0 == "client-request-id" }?.1 }
        #expect(Set(ids).count == 2)
        #expect(ids.allSatisfy { UUID(uuidString: $0) != nil })
    }

    @Test("a read whose answer was lost is sent again; a write is not")
    func lostAnswers() async throws {
        let lost = ScriptedTransport.Turn.failure(.lostAnswer("reset"))
        let reading = ScriptedTransport([lost, .answer(200, ["id": "1"])])
        #expect(try await reading.client().send(read).body == ["id": "1"])
        let writing = ScriptedTransport([lost, .answer(200, ["id": "1"])])
        let failure = await #expect(throws: GraphFailure.self) { try await writing.client().send(write) }
        #expect(failure?.kind == .unanswered)
        #expect(writing.requests.count == 1)
        let unsent = ScriptedTransport([.failure(.unreachable("refused")), .answer(201, ["id": "1"])])
        #expect(try await unsent.client().send(write).status == 201)
    }

    @Test("in a batch each entry has its own outcome, and only what was throttled is sent again")
    func batches() async throws {
        let first = ScriptedTransport.batch([(3, 204), (1, 201), (2, 429), (4, 400)], headers: ["Retry-After": "0"])
        let script = ScriptedTransport([
            .answer(200, first),
            .answer(201, ["id": "2"]),
        ])
        let requests = (1...5).map { GraphRequest(.post, "/users/\($0)", body: [:]) }
        let results = try await script.client().send(batch: requests)
        let statuses = results.map { result in
            switch result {
            case .success(let answer): answer.status
            case .failure(let failure): failure.status
            }
        }
        #expect(statuses == [201, 201, 204, 400, 0])
        guard case .failure(let missing) = results[4] else { return }
        #expect(missing.kind == .unanswered)
        // A batch of one is sent as a single request.
        #expect(script.requests.map(\.url).last?.hasSuffix("/v1.0/users/2") == true)
    }

    @Test("more than twenty requests are sent in several batches, in order")
    func manyRequests() async throws {
        let echo = ScriptedTransport.Turn.reply { sent in
            ScriptedTransport.batch((1...(sent["requests"]?.array?.count ?? 1)).reversed().map { ($0, 200) })
        }
        let script = ScriptedTransport([echo, echo, echo])
        let results = try await script.client().send(batch: (0..<45).map { GraphRequest(.get, "/users/\($0)") })
        #expect(results.count == 45)
        #expect(results.allSatisfy { if case .success = $0 { true } else { false } })
        #expect(script.requests.count == 3)
    }

    private static let echo = ScriptedTransport.Turn.reply { sent in
        ScriptedTransport.batch((1...(sent["requests"]?.array?.count ?? 1)).map { ($0, 204) })
    }

    private func patches(_ count: Int) -> [GraphRequest] {
        (0..<count).map { GraphRequest(.patch, "/users/\($0)", body: [:], repetition: .harmless) }
    }

    private func statuses(_ results: [Result<GraphResponse, GraphFailure>]) -> [Int] {
        results.map { result in
            switch result {
            case .success(let answer): answer.status
            case .failure(let failure): failure.status
            }
        }
    }

    @Test("a batch that Graph refuses is split in two, down to single requests")
    func splitting() async throws {
        let tooLarge = ScriptedTransport.Turn.answer(413, nil)
        let single = ScriptedTransport.Turn.answer(204, nil)
        let script = ScriptedTransport([tooLarge, Self.echo, tooLarge, single, tooLarge, tooLarge, single])
        let results = try await script.client().send(batch: patches(6))
        #expect(statuses(results) == [204, 204, 204, 204, 413, 204])
        #expect(script.requests.count == 7)
    }

    @Test("a canceled caller returns immediately, and the requests of others are not canceled")
    func givingUp() async throws {
        let script = ScriptedTransport([.hang, Self.echo, Self.echo])
        let client = script.client()
        let hanging = Task { try await client.send(batch: [GraphRequest(.patch, "/users/x", body: [:])]) }
        while script.requests.isEmpty { await Task.yield() }
        let other = Task { try await client.send(batch: patches(3)) }
        hanging.cancel()
        await #expect(throws: CancellationError.self) { try await hanging.value }
        #expect(try await statuses(other.value) == [204, 204, 204])
    }

    @Test("requests of several callers share a batch")
    func sharing() async throws {
        let script = ScriptedTransport([.hang] + Array(repeating: Self.echo, count: 40))
        let client = script.client()
        try await withThrowingTaskGroup(of: [Int].self) { group in
            for start in stride(from: 0, to: 40, by: 2) {
                group.addTask {
                    statuses(try await client.send(batch: Array(patches(40)[start..<start + 2])))
                }
            }
            for _ in 0..<19 {
                let next = try await group.next()
                #expect(next == [204, 204])
            }
            group.cancelAll()
        }
        #expect(script.requests.count < 20)
    }

    @Test("a request that Graph keeps throttling ends at its deadline")
    func deadline() async throws {
        let refusal = ScriptedTransport.Turn.answer(429, nil, ["retry-after": "60"])
        let script = ScriptedTransport([refusal, refusal])
        let client = script.client(patience: .milliseconds(50))
        let failure = await #expect(throws: GraphFailure.self) { try await client.send(read) }
        #expect(failure?.kind == .throttled)
        let results = try await client.send(batch: patches(1))
        #expect(statuses(results) == [0])
    }

    @Test("page links are followed on Graph's own host only")
    func pages() async throws {
        let next = "https://graph.microsoft.com/v1.0/users?$skiptoken=2"
        let script = ScriptedTransport([
            .answer(200, ["value": [["id": "1"]], "@odata.nextLink": .string(next)]),
            .answer(200, ["value": [["id": "2"]]]),
        ])
        var ids: [String] = []
        for try await page in script.client().users(select: ["id"]) { ids += page.compactMap { $0["id"]?.string } }
        #expect(ids == ["1", "2"])
        #expect(script.requests.last?.url == next)
        let foreign = ScriptedTransport([
            .answer(200, ["value": [], "@odata.nextLink": "https://evil.test/v1.0/users"])
        ])
        let failure = await #expect(throws: GraphFailure.self) {
            for try await _ in foreign.client().users(select: ["id"]) {}
        }
        #expect(failure?.message.contains("another host") == true)
    }

    @Test(
        "delta links are followed on Graph's own host only",
        arguments: ["@odata.nextLink", "@odata.deltaLink"],
        [
            "https://evil.test/v1.0/users", "https://graph.microsoft.com.evil.test/",
            "https://graph.microsoft.com@evil.test/",
            "http://graph.microsoft.com/v1.0/users",
        ]
    )
    func foreignLinks(_ name: String, _ link: String) async throws {
        let script = ScriptedTransport([.answer(200, ["value": [["id": "1"]], name: .string(link)])])
        let failure = await #expect(throws: GraphFailure.self) {
            for try await _ in script.client().delta("users", select: ["id"]) {}
        }
        #expect(failure?.message.contains("another host") == true)
    }

    @Test("a canceled request ends at once")
    func cancellation() async throws {
        let client = ScriptedTransport([.hang]).client()
        let task = Task { try await client.send(GraphRequest(.get, "/x")) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("after an answer that is not JSON the outcome is unknown")
    func garbage() async throws {
        let client = ScriptedTransport([.text("<html>proxy</html>")]).client()
        let failure = await #expect(throws: GraphFailure.self) { try await client.send(write) }
        #expect(failure?.kind == .unanswered)
        #expect(failure?.foreign?.kind == .webPage)
    }
}
