import CausewayJSON
import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayAPI

@Suite("Concurrent sign-in attempts", .serialized)
struct AttemptTests {
    /// The statuses of this many concurrent requests.
    private static func together(_ count: Int, _ send: @escaping @Sendable (Int) async throws -> Int) async throws
        -> [Int: Int]
    {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<count { group.addTask { try await send(number) } }
            var counts: [Int: Int] = [:]
            for try await status in group { counts[status, default: 0] += 1 }
            return counts
        }
    }

    private static func signIn(
        _ server: ServedProgram,
        _ username: String = "root",
        _ password: String = "a guess",
        code: String? = nil,
        from address: String? = nil,
        cookie: String? = nil
    ) async throws -> HTTP.Answer {
        var body: [String: JSONValue] = ["username": .string(username), "password": .string(password)]
        body["code"] = code.map(JSONValue.string)
        let headers = [("X-Forwarded-For", address), ("Cookie", cookie)].compactMap { name, value in
            value.map { (name, $0) }
        }
        let url = server.origin + "/api/v3/causeway/session/"
        return try await HTTP.send("POST", url, headers: headers, body: .object(body))
    }

    /// Each limit, with guesses that only this limit stops.
    private static let limits: [(name: String, address: @Sendable (Int) -> String, user: @Sendable (Int) -> String)] = [
        ("one address", { _ in "198.51.100.7" }, { "user\($0)" }),
        ("one subscriber of IPv6", { "2001:db8:0:7::\(String($0 + 1, radix: 16))" }, { "user\($0)" }),
        ("a user that there is", { "198.51.100.\($0)" }, { $0 % 2 == 0 ? "root" : "ROOT" }),
        ("a user that there is not", { "198.51.100.\($0)" }, { _ in "nobody" }),
    ]

    @Test(
        "no more attempts than the limit get through, for each address and for each account",
        arguments: limits.indices
    )
    func limited(_ number: Int) async throws {
        let limit = Self.limits[number]
        try await ServedProgram.with(environment: ["CAUSEWAY_TRUST_PROXY": "true"]) { server in
            let statuses = try await Self.together(60) { number in
                let user = limit.user(number)
                return try await Self.signIn(server, user, from: limit.address(number)).status
            }
            #expect(statuses == [400: 10, 429: 50], "\(limit.name)")
            let events = try await server.send("GET", "/events/events/?action=login_failed&page_size=100")
            #expect(events.body["pagination"]?["count"] == 10)
        }
    }

    @Test("many addresses and names together get no more attempts than the limit for all clients")
    func everybody() async throws {
        let environment = ["CAUSEWAY_TRUST_PROXY": "true", "CAUSEWAY_SIGN_IN_FAILURES": "1"]
        try await ServedProgram.with(environment: environment) { server in
            var limits = APILimits()
            limits.failures = 1
            let most = limits.failuresOfEverybody
            var statuses: [Int: Int] = [:]
            // No more at once than may wait for a password hash.
            for start in stride(from: 0, to: most + 20, by: 30) {
                let some = try await Self.together(min(30, most + 20 - start)) { number in
                    let address = "203.0.113.\(start + number)"
                    return try await Self.signIn(server, "user\(start + number)", from: address).status
                }
                statuses.merge(some) { $0 + $1 }
            }
            #expect(statuses == [400: most, 429: 20])
        }
    }

    @Test(
        "attacks do not lock a user out of a known browser, which has its own limit until the password changes"
    )
    func knownBrowser() async throws {
        try await ServedProgram.with { server in
            let first = try await Self.signIn(server, "root", ServedProgram.password)
            let known = try #require(first.cookies.first { $0.hasPrefix("causeway_device_") })
            #expect(try await Self.together(30) { _ in try await Self.signIn(server).status } == [400: 10, 429: 20])
            #expect(try await Self.signIn(server, "root", ServedProgram.password).status == 429)
            let again = try await Self.signIn(server, "root", ServedProgram.password, cookie: known)
            #expect(again.status == 201)
            for forged in [
                String(known.dropLast()), known + "0", known.replacing(/\.[0-9]+\./, with: ".9999999999999."),
                known.replacing(/_[0-9]+=/, with: "_4711="),
            ] {
                #expect(try await Self.signIn(server, "root", ServedProgram.password, cookie: forged).status == 429)
            }
            let statuses = try await Self.together(30) { _ in
                try await Self.signIn(server, cookie: known).status
            }
            #expect(statuses == [400: 10, 429: 20])
            let newer = try #require(again.cookies.first { $0.hasPrefix("causeway_device_") })
            let users = try await server.send("GET", "/core/users/?username=root")
            let user = try #require(users.body["results"]?.array?.first?["pk"]?.integer)
            let changed = try await server.send(
                "POST",
                "/core/users/\(user)/set_password/",
                ["password": "another pass phrase"]
            )
            #expect(changed.status == 204)
            #expect(try await Self.signIn(server, "root", "another pass phrase", cookie: newer).status == 429)
        }
    }

    @Test("a code and a recovery code sign in once each")
    func codes() async throws {
        try await ServedProgram.with(environment: ["CAUSEWAY_SIGN_IN_FAILURES": "1000"]) { server in
            let answer = try await Self.signIn(server, "root", ServedProgram.password)
            let headers = [
                ("Cookie", try #require(answer.cookies.last)),
                ("X-authentik-CSRF", try #require(answer.body["csrf_token"]?.string)),
            ]
            func post(_ path: String, _ body: JSONValue) async throws -> HTTP.Answer {
                try await HTTP.send("POST", server.origin + "/api/v3/causeway" + path, headers: headers, body: body)
            }
            let made = try await post("/totp/", ["password": .string(ServedProgram.password)])
            let authenticator = try #require(OneTimePassword(base32: made.body["secret"]?.string ?? ""))
            let step = Int64(Date().timeIntervalSince1970) / OneTimePassword.period
            let confirmed = try await post("/totp/confirm/", ["code": .string(authenticator.code(step: step))])
            let recovery = (confirmed.body["codes"]?.array ?? []).compactMap(\.string)
            try #require(recovery.count == 10)
            for code in [authenticator.code(step: step + 1)] + recovery.prefix(2) {
                let statuses = try await Self.together(10) { _ in
                    try await Self.signIn(server, "root", ServedProgram.password, code: code).status
                }
                #expect(statuses == [201: 1, 400: 9])
            }
            let left = try await server.send("GET", "/causeway/authenticators/").body.array?.first
            #expect(left?["recovery_codes_left"] == 8)
        }
    }

    @Test("a token's key is shown once, and a set-up link creates one administrator")
    func once() async throws {
        try await ServedProgram.with { server in
            _ = try await server.send("POST", "/core/tokens/", ["identifier": "fresh"])
            let shown = try await Self.together(20) { _ in
                try await server.send("GET", "/core/tokens/fresh/view_key/").status
            }
            #expect(shown == [200: 1, 403: 19])
        }
        try await TemporaryFolder.with { folder in
            let arguments = ["serve", "--listen", "127.0.0.1:0", "--data", folder.path]
            _ = try await RunningProgram.with(arguments, environment: ["CAUSEWAY_SIGN_IN_FAILURES": "1000"]) {
                running in
                let url = try await running.origin() + "/api/v3/causeway/setup/"
                let line = try await running.line(containing: "/if/setup/?token=")
                let token = String(try #require(line.firstMatch(of: /token=([A-Za-z0-9]+)/)).1)
                let made = try await Self.together(12) { number in
                    let body: JSONValue = [
                        "token": .string(token), "username": .string("admin\(number)"),
                        "password": "a long pass phrase",
                    ]
                    return try await HTTP.send("POST", url, body: body).status
                }
                #expect(made == [201: 1, 400: 11])
            }
        }
    }

    @Test("sign-ins do not delay other requests")
    func others() async throws {
        try await ServedProgram.with(environment: ["CAUSEWAY_SIGN_IN_FAILURES": "1000"]) { server in
            let first = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        _ = try await Self.signIn(server)
                        return "signed in"
                    }
                }
                var ended: [String] = []
                // They are in progress once one of them is answered.
                ended.append(try await group.next() ?? "")
                group.addTask {
                    _ = try await server.send("GET", "/core/users/me/")
                    return "looked"
                }
                for try await what in group {
                    ended.append(what)
                    if what == "looked" { break }
                }
                group.cancelAll()
                return ended
            }
            #expect(first.last == "looked" && first.count < 10, "\(first.count - 1) of 20 came first")
        }
    }
}
