import AsyncHTTPClient
import CausewayJSON
import CausewayTestSupport
import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1
import Testing

@testable import CausewayAPI

@Suite("Hostile request bodies", .serialized)
struct FuzzTests {
    /// Bodies that no client should send.
    private static let bodies: [(name: String, bytes: [UInt8])] = [
        ("nothing", []), ("no JSON", Array("{".utf8)), ("a list", Array("[1, 2]".utf8)),
        ("a word", Array("\"x\"".utf8)),
        ("null", Array("null".utf8)), ("deep nesting", Array(String(repeating: "[", count: 100_000).utf8)),
        ("invalid UTF-8", Array("{\"name\": \"".utf8) + [0xFF, 0xC0, 0x80] + Array("\"}".utf8)),
        ("half a surrogate", Array(#"{"name": "\ud800"}"#.utf8)),
        ("a number beyond all", Array("{\"pk\": 1e999999}".utf8)),
        ("unknown fields", Array(#"{"nothing": 1, "__proto__": {}}"#.utf8)),
        ("a NUL", Array(#"{"name": "a\u0000b", "username": "a\u0000b", "identifier": "a\u0000b"}"#.utf8)),
    ]

    @Test("no body makes the server fail, and a refused body changes nothing")
    func bodies() async throws {
        try await ServedProgram.with { server in
            let before = try await server.contents()
            for operation in try DocumentTests.load().operations where operation.body != nil {
                let path = operation.path.template.replacing(/\{[a-z_]+\}/, with: "999999")
                for (name, bytes) in Self.bodies + Self.wrongTypes(for: operation) {
                    let status = try await server.send(operation.method, path, bytes)
                    #expect((400..<500).contains(status), "\(operation.id) with \(name): \(status)")
                }
            }
            let after = try await server.contents()
            #expect(after == before)
        }
    }

    /// Each member that is known, with a value of every other type.
    private static func wrongTypes(for operation: APIOperation) -> [(name: String, bytes: [UInt8])] {
        guard case .reference(let name) = operation.body, let document = try? DocumentTests.load(),
            case .object(let rule) = document.schemas[name]
        else { return [] }
        let values: [JSONValue] = [.integer(.max), .number(-1e300), true, .array([.array([[:]])]), ["a": ["b": nil]]]
        return values.map { value in
            let members = rule.properties.filter { !value.fits($0.value, document) }.mapValues { _ in value }
            return ("every member \(value.text)", JSONValue.object(members).bytes)
        }
    }

    @Test("of two members with one name the last counts, and unknown members are ignored")
    func duplicates() async throws {
        try await ServedProgram.with { server in
            let body = Array(#"{"name": "first", "name": "second", "unknown": 1}"#.utf8)
            #expect(try await server.send(.post, "/core/groups/", body) == 201)
            let groups = try await server.send("GET", "/core/groups/").body["results"]?.array
            #expect(groups?.map { $0["name"] } == ["second"])
        }
    }

    @Test("a body of 50 MB is refused without being held in memory")
    func large() async throws {
        try await ServedProgram.with { server in
            let body = Array(#"{"name": ""#.utf8) + Array(repeating: UInt8(ascii: "x"), count: 50 << 20)
            // A server that has answered may close the connection before all was sent.
            let status = try? await server.send(.post, "/core/groups/", body)
            #expect(status == nil || status == 413)
            let groups = try await server.send("GET", "/core/groups/").body
            #expect(groups["pagination"]?["count"] == 0)
        }
    }

    @Test("a change to an outdated version is refused")
    func entityTags() async throws {
        try await ServedProgram.with { server in
            let made = try await server.send("POST", "/core/users/", ["username": "ada", "name": "Ada"])
            let path = "/core/users/\(try #require(made.body["pk"]?.integer))/"
            let seen = try await server.send("GET", path)
            let tag = try #require(seen.headers["etag"])
            let headers = [("Authorization", "Bearer \(server.key)"), ("If-Match", tag)]
            let url = server.origin + "/api/v3" + path
            let first = try await HTTP.send("PATCH", url, headers: headers, body: ["name": "Ada L."])
            #expect(first.status == 200)
            let second = try await HTTP.send("PATCH", url, headers: headers, body: ["name": "Someone else"])
            #expect(second.status == 412)
            let present = try await server.send("GET", path).body
            #expect(present["name"] == "Ada L.")
        }
    }

    @Test(
        "a fuzzer that reads the document finds no failure, no answer against it, and no access without signing in"
    )
    func schemathesis() async throws {
        let seed = ProcessInfo.processInfo.environment["CAUSEWAY_TEST_SEED"] ?? "2026"
        print("fuzzing the API with CAUSEWAY_TEST_SEED=\(seed); another seed tries other requests")
        try await ServedProgram.with(environment: ["CAUSEWAY_SIGN_IN_FAILURES": "1000000"]) { server in
            let fuzzer = try PythonTools.python.deletingLastPathComponent().appending(path: "schemathesis").path
            // It creates a folder where it is started.
            let started = ["-c", "cd \"$0\" && exec \"$@\"", server.folder.path, fuzzer]
            let found = try await Program.run(
                started + [
                    "run", server.origin + "/api/v3/schema/", "--url", server.origin + "/api/v3", "-H",
                    "Authorization: Bearer \(server.key)", "--checks",
                    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,ignored_auth",
                    "--phases", "coverage,fuzzing", "--max-examples", "10", "--seed", seed, "--workers", "2",
                    "--request-timeout", "30", "--no-color",
                    // Streams, and operations that would sign out the fuzzer itself.
                    "--exclude-path-regex", "/(runs|providers)/.*/events/$|/causeway/(session|setup|totp)/",
                ],
                at: URL(filePath: "/bin/sh")
            )
            #expect(found.status == 0, "seed \(seed)\n\(found.output.suffix(6000))\n\(found.errors.suffix(1000))")
        }
    }
}

extension JSONValue {
    /// Whether a schema accepts the value, in rough terms.
    fileprivate func fits(_ schema: JSONSchema, _ document: APIDocument) -> Bool {
        switch (schema, self) {
        case (.nullable(let inner), _): fits(inner, document)
        case (.reference(let name), _): document.schemas[name].map { fits($0, document) } ?? true
        case (.anything, _), (.string, .integer), (.string, .number), (.key(.number), .integer), (.boolean, .bool),
            (.number, .integer), (.number, .number), (.integer, .integer),
            (.dictionary, .object), (.array, .array):
            true
        default: false
        }
    }
}

extension ServedProgram {
    /// Sends bytes as they are.
    fileprivate func send(_ method: HTTPTypes.HTTPRequest.Method, _ path: String, _ bytes: [UInt8]) async throws -> Int
    {
        var request = HTTPClientRequest(url: origin + "/api/v3" + path)
        request.method = .init(rawValue: method.rawValue)
        request.headers.add(name: "Authorization", value: "Bearer \(key)")
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: bytes))
        return Int(try await HTTPClient.shared.execute(request, timeout: .seconds(60)).status.code)
    }

    /// The number of objects of every type that a body could create.
    fileprivate func contents() async throws -> [JSONValue?] {
        var counts: [JSONValue?] = []
        for path in [
            "core/users", "core/groups", "core/tokens", "core/applications", "providers/all", "propertymappings/all",
            "providers/microsoft_entra_users",
        ] {
            counts.append(try await send("GET", "/\(path)/").body["pagination"]?["count"])
        }
        return counts
    }
}
