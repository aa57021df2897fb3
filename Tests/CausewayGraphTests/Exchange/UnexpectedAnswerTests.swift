import CausewayGraph
import CausewayJSON
import Foundation
import Logging
import Testing

/// An answer that comes instead of Graph's, on the wire.
struct ForeignSpecimen: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    /// Words of the sentence that reports it.
    let words: String

    var testDescription: String { name }

    private static let html = ["Content-Type: text/html; charset=utf-8"]
    private static let json = ["Content-Type: application/json"]
    private static let page = "<!DOCTYPE html><html><title>Sign in</title><body>Please sign in</body></html>"

    static let all: [ForeignSpecimen] = [
        ForeignSpecimen(name: "a sign-in page", bytes: CannedServer.answer("200 OK", html, page), words: "a web page"),
        ForeignSpecimen(
            name: "a sign-in page that calls itself JSON",
            bytes: CannedServer.answer("200 OK", json, "\r\n " + page),
            words: "a web page"
        ),
        ForeignSpecimen(
            name: "a redirect to a sign-in page",
            bytes: CannedServer.answer("302 Found", ["Location: https://portal.hotel.example/login"]),
            words: "a redirect to portal.hotel.example"
        ),
        ForeignSpecimen(
            name: "a proxy that wants a sign-in",
            bytes: CannedServer.answer("407 Proxy Authentication Required", html, page),
            words: "a proxy's demand to sign in"
        ),
        ForeignSpecimen(
            name: "a proxy that forbids",
            bytes: CannedServer.answer("403 Forbidden", html, page),
            words: "a web page"
        ),
        ForeignSpecimen(
            name: "a proxy that reaches no server",
            bytes: CannedServer.answer("502 Bad Gateway", html, page),
            words: "a web page"
        ),
        ForeignSpecimen(
            name: "a web server that knows no such page",
            bytes: CannedServer.answer("404 Not Found", html, page),
            words: "a web page"
        ),
        ForeignSpecimen(
            name: "a page that went",
            bytes: CannedServer.answer("410 Gone", html, page),
            words: "a web page"
        ),
        ForeignSpecimen(
            name: "a web server that cannot read it",
            bytes: CannedServer.answer("400 Bad Request", html, page),
            words: "a web page"
        ),
        ForeignSpecimen(
            name: "another API that knows no such thing",
            bytes: CannedServer.answer("404 Not Found", json, #"{"detail": "Not found."}"#),
            words: "JSON of another kind"
        ),
        ForeignSpecimen(
            name: "another API that answers its own way",
            bytes: CannedServer.answer("200 OK", json, #"{"status": "ok"}"#),
            words: "JSON of another kind"
        ),
        ForeignSpecimen(
            name: "a list that is a list",
            bytes: CannedServer.answer("200 OK", json, "[]"),
            words: "JSON of another kind"
        ),
        ForeignSpecimen(
            name: "a list of nothing that does not say of what",
            bytes: CannedServer.answer("200 OK", json, #"{"value": []}"#),
            words: "JSON of another kind"
        ),
        ForeignSpecimen(name: "nothing", bytes: CannedServer.answer("200 OK"), words: "without content"),
        ForeignSpecimen(
            name: "not found, without a word",
            bytes: CannedServer.answer("404 Not Found"),
            words: "without content"
        ),
        ForeignSpecimen(
            name: "half an answer",
            bytes: CannedServer.answer("200 OK", json, #"{"@odata.context": "x", "value": [{"id": "#),
            words: "ends too early"
        ),
        ForeignSpecimen(name: "text", bytes: CannedServer.answer("200 OK", [], "It works!"), words: "not JSON"),
        ForeignSpecimen(
            name: "Graph's words for a wrong address",
            bytes: CannedServer.answer("404 Not Found", json, #"{"error": {"code": "UnknownError", "message": ""}}"#),
            words: "the address is unknown"
        ),
    ]
}

@Suite("Answers that are not Graph's")
struct UnexpectedAnswerTests {
    private static let token = CannedServer.answer(
        "200 OK",
        ["Content-Type: application/json"],
        #"{"token_type": "Bearer", "expires_in": 3600, "access_token": "a.b.c"}"#
    )

    private func client(graph: Int, login: Int, _ transport: NetworkTransport) throws -> GraphClient {
        GraphClient(
            endpoints: try GraphEndpoints(
                login: "http://127.0.0.1:\(login)",
                graph: "http://127.0.0.1:\(graph)/v1.0"
            ),
            credentials: [GraphCredential(tenant: "t", clientID: "c", proof: .clientSecret(ClientSecret("hush-hush")))],
            transport: transport,
            limits: nil,
            policy: RetryPolicy(attempts: 2, firstPause: .milliseconds(1), longestPause: .milliseconds(2)),
            logger: Logger(label: "test")
        )
    }

    /// Every kind of request to Graph: each must fail, and say why.
    private static let operations: [(name: String, run: @Sendable (GraphClient) async throws -> Void)] = [
        ("the organization", { _ = try await $0.organization() }),
        ("an object", { _ = try await $0.object("users", id: "1", select: ["id"]) }),
        ("a list", { for try await _ in $0.users(select: ["id"]) {} }),
        ("the recycle bin", { for try await _ in $0.deletedItems(type: "group", select: ["id"]) {} }),
        ("a delta query from the beginning", { for try await _ in $0.delta("users", select: ["id"]) {} }),
        (
            "a delta query from its last end",
            { client in
                let link = DeltaLink(url: "\(client.baseURL)/users/delta?$deltatoken=x")
                for try await _ in client.delta("users", select: ["id"], from: link) {}
            }
        ),
        (
            "a deletion",
            { _ = try await $0.send(GraphRequest(.delete, "/users/1", repetition: .harmless)) }
        ),
        (
            "a creation that can be looked for",
            { client in
                let lookup = ObjectLookup("/users/ada@example.com")
                _ = try await client.send(
                    GraphRequest(.post, "/users", body: ["a": "b"], repetition: .afterLooking(lookup))
                )
            }
        ),
        (
            "reads in a batch",
            { client in
                let requests = (0..<3).map { GraphRequest(.get, "/users/\($0)?$select=id") }
                for result in try await client.send(batch: requests) { _ = try result.get() }
            }
        ),
        (
            "writes in a batch",
            { client in
                let requests = (0..<3).map {
                    GraphRequest(.patch, "/users/\($0)", body: ["city": "Oslo"], repetition: .harmless)
                }
                for result in try await client.send(batch: requests) { _ = try result.get() }
            }
        ),
    ]

    @Test(
        "every request reports an answer that is not Graph's as such, never as a missing or empty object",
        arguments: ForeignSpecimen.all
    )
    func graph(_ specimen: ForeignSpecimen) async throws {
        try await NetworkTransport().used { transport in
            try await CannedServer.with([("/oauth2/v2.0/token", Self.token), ("", specimen.bytes)]) { server in
                let client = try client(graph: server.port, login: server.port, transport)
                for operation in Self.operations {
                    let before = server.requests
                    do {
                        try await operation.run(client)
                        Issue.record("\(operation.name): \(specimen.name) is accepted")
                    } catch let failure as GraphFailure {
                        #expect(failure.kind != .notFound, "\(operation.name)")
                        let sentence = failure.sentence
                        #expect(sentence.contains("127.0.0.1:\(server.port) answers"), "\(operation.name): \(sentence)")
                        #expect(sentence.contains(specimen.words), "\(operation.name): \(sentence)")
                        #expect(!failure.remedy.isEmpty && !failure.remedy.contains("gone"), "\(operation.name)")
                        #expect(server.requests > before)
                    }
                }
            }
        }
    }

    @Test("a sign-in reports an answer that does not come from the sign-in service", arguments: ForeignSpecimen.all)
    func login(_ specimen: ForeignSpecimen) async throws {
        try await NetworkTransport().used { transport in
            try await CannedServer.with([("", specimen.bytes)]) { server in
                let client = try client(graph: server.port, login: server.port, transport)
                let failure = await #expect(throws: GraphFailure.self) { try await client.organization() }
                let sentence = failure?.sentence ?? ""
                #expect(sentence.contains("127.0.0.1:\(server.port) answers"), "\(sentence)")
                #expect(sentence.contains("sign-in service"), "\(sentence)")
                #expect(failure?.remedy.contains("login endpoint") == true || failure?.remedy.contains("proxy") == true)
            }
        }
    }

    @Test("an incomplete entry of a batch is reported as such, not as a missing or empty object")
    func entries() async throws {
        let bodies: [(Int, JSONValue)] = [
            (404, .null), (404, ["n": 1]), (404, ["error": ["code": "UnknownError", "message": ""]]), (200, .null),
            (200, [:]),
        ]
        for (status, body) in bodies {
            let script = ScriptedTransport(
                Array(
                    repeating: .reply { _ in
                        let entry: JSONValue = ["id": "1", "status": .integer(Int64(status)), "body": body]
                        let other: JSONValue = ["id": "2", "status": 200, "body": ["id": "b"]]
                        return ["responses": [entry, other]]
                    },
                    count: 9
                )
            )
            let requests = ["a", "b"].map { GraphRequest(.get, "/users/\($0)?$select=id") }
            let results = try await script.client().send(batch: requests)
            guard case .failure(let failure) = results[0] else {
                Issue.record("\(status) \(body.text) is accepted")
                continue
            }
            #expect(failure.kind == .unanswered, "\(status) \(body.text)")
            guard case .success = results[1] else {
                Issue.record("the other entry is lost")
                continue
            }
        }
    }

    @Test("Graph's own answer about a missing object counts")
    func notFound() async throws {
        let missing = ScriptedTransport.error("Request_ResourceNotFound", "Resource 'x' does not exist.")
        let script = ScriptedTransport([.answer(404, missing)])
        #expect(try await script.client().object("users", id: "x", select: ["id"]) == nil)
    }
}
