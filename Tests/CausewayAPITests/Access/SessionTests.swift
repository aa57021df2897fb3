import CausewayJSON
import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayAPI

@Suite("Signing in", .serialized)
struct SessionTests {
    private static let password: JSONValue = ["username": "root", "password": "a long pass phrase"]

    /// A browser: its cookie, and the token that only Causeway's pages can read.
    private struct Browser {
        let server: ServedProgram
        let cookie: String
        let csrf: String

        init(_ server: ServedProgram, _ credentials: JSONValue) async throws {
            let answer = try await server.send("POST", "/causeway/session/", credentials, key: nil)
            try #require(answer.status == 201, "\(answer.body.text)")
            let header = try #require(answer.headers["set-cookie"])
            #expect(header.contains("HttpOnly") && header.contains("SameSite=Strict"))
            self.server = server
            cookie = String(try #require(header.split(separator: ";").first))
            csrf = try #require(answer.body["csrf_token"]?.string)
        }

        func send(_ method: String, _ path: String, _ body: JSONValue? = nil, csrf: String?) async throws -> HTTP.Answer
        {
            let headers = [("Cookie", cookie)] + (csrf.map { [("X-authentik-CSRF", $0)] } ?? [])
            return try await HTTP.send(method, server.origin + "/api/v3" + path, headers: headers, body: body)
        }
    }

    @Test("a session's cookie is enough for reading; a change needs the session's token too; signing out ends it")
    func sessions() async throws {
        try await ServedProgram.with { server in
            let browser = try await Browser(server, Self.password)
            #expect(try await browser.send("GET", "/core/users/", csrf: nil).status == 200)
            let group: JSONValue = ["name": "Staff"]
            #expect(try await browser.send("POST", "/core/groups/", group, csrf: nil).status == 403)
            #expect(try await browser.send("POST", "/core/groups/", group, csrf: "guessed").status == 403)
            #expect(try await browser.send("POST", "/core/groups/", group, csrf: browser.csrf).status == 201)
            let other = try await Browser(server, Self.password)
            #expect(other.cookie != browser.cookie)
            #expect(try await browser.send("DELETE", "/causeway/session/", csrf: browser.csrf).status == 204)
            #expect(try await browser.send("GET", "/core/users/", csrf: nil).status == 403)
            #expect(try await other.send("GET", "/core/users/", csrf: nil).status == 200)
        }
    }

    @Test(
        "a proxy's headers count only if it is trusted: the cookie is then for TLS only, and events name the client"
    )
    func proxy() async throws {
        let claims = [("X-Forwarded-For", "203.0.113.9, 198.51.100.7"), ("X-Forwarded-Proto", "https")]
        for (isTrusted, address) in [(true, "198.51.100.7"), (false, "127.0.0.1")] {
            try await ServedProgram.with(environment: ["CAUSEWAY_TRUST_PROXY": "\(isTrusted)"]) { server in
                let url = server.origin + "/api/v3/causeway/session/"
                let answer = try await HTTP.send("POST", url, headers: claims, body: Self.password)
                #expect(answer.status == 201)
                #expect(answer.headers["set-cookie"]?.contains("; Secure") == isTrusted)
                let events = try await server.send("GET", "/events/events/?action=login")
                let client = events.body["results"]?.array?.first?["client_ip"]?.string
                #expect(client == address)
            }
        }
    }

    @Test("a user with an authenticator needs a code, which counts once, as does a recovery code")
    func codes() async throws {
        try await ServedProgram.with { server in
            let browser = try await Browser(server, Self.password)
            let wrong: JSONValue = ["password": "wrong"]
            #expect(try await browser.send("POST", "/causeway/totp/", wrong, csrf: browser.csrf).status == 400)
            let right: JSONValue = ["password": "a long pass phrase"]
            let made = try await browser.send("POST", "/causeway/totp/", right, csrf: browser.csrf)
            let secret = try #require(made.body["secret"]?.string)
            #expect(made.body["uri"]?.string?.contains(secret) == true)
            let authenticator = try #require(OneTimePassword(base32: secret))
            let step = Int64(Date().timeIntervalSince1970) / OneTimePassword.period
            let code: JSONValue = ["code": .string(authenticator.code(step: step))]
            let confirmed = try await browser.send("POST", "/causeway/totp/confirm/", code, csrf: browser.csrf)
            let recovery = try #require(confirmed.body["codes"]?.array?.first?.string, "\(confirmed.body.text)")

            func signIn(_ code: String?) async throws -> Int {
                var body = Self.password.object ?? [:]
                body["code"] = code.map(JSONValue.string)
                return try await server.send("POST", "/causeway/session/", .object(body), key: nil).status
            }
            #expect(try await signIn(nil) == 400)
            // The code that confirmed the authenticator is spent.
            #expect(try await signIn(authenticator.code(step: step)) == 400)
            #expect(try await signIn(authenticator.code(step: step + 1)) == 201)
            #expect(try await signIn(authenticator.code(step: step + 1)) == 400)
            #expect(try await signIn(recovery) == 201)
            #expect(try await signIn(recovery) == 400)
            try await lose(browser, server)
            #expect(try await signIn(nil) == 201)
        }
    }

    /// The authenticator of `root` is removed: not by the user's own key, not by an auditor, but by another administrator. Sessions end.
    private func lose(_ browser: Browser, _ server: ServedProgram) async throws {
        let known = try await server.send("GET", "/causeway/authenticators/").body.array?.first
        #expect(known?["username"] == "root")
        #expect(known?["recovery_codes_left"] == 9)
        let user = try #require(known?["user"]?.integer)
        let path = "/causeway/authenticators/\(user)/"
        let own = try await browser.send("DELETE", path, csrf: browser.csrf)
        #expect(own.status == 400)
        let auditor = try await server.token(.auditor)
        #expect(try await server.send("DELETE", path, key: auditor).status == 403)
        let other = try await server.token(.administrator)
        for _ in 0..<2 { #expect(try await server.send("DELETE", path, key: other).status == 204) }
        #expect(try await server.send("DELETE", "/causeway/authenticators/4711/", key: other).status == 204)
        let left = try await server.send("GET", "/causeway/authenticators/?user=\(user)").body.array
        #expect(left?.isEmpty == true)
        #expect(try await browser.send("GET", "/core/users/me/", csrf: nil).status == 403)
        let events = try await server.send("GET", "/events/events/?action=model_updated")
        let removals = events.body["results"]?.array?.filter {
            $0["context"]?["causeway"]?["authenticator"] == "removed"
        }
        #expect(removals?.count == 1)
    }

    @Test("failed sign-ins are rate-limited, valid tokens are not")
    func guessing() async throws {
        try await ServedProgram.with(environment: ["CAUSEWAY_SIGN_IN_FAILURES": "3"]) { server in
            var statuses: [Int] = []
            for _ in 0..<5 {
                let guess: JSONValue = ["username": "root", "password": "a guess"]
                statuses.append(try await server.send("POST", "/causeway/session/", guess, key: nil).status)
            }
            #expect(statuses == [400, 400, 400, 429, 429])
            #expect(try await server.send("POST", "/causeway/session/", Self.password, key: nil).status == 429)
            #expect(try await server.send("GET", "/core/users/me/", key: "a guess").status == 429)
            #expect(try await server.send("GET", "/core/users/me/").status == 200)
        }
    }

    @Test("a token may do no more than its cap, and nothing once it has expired or its user is inactive")
    func tokens() async throws {
        try await ServedProgram.with { server in
            let body: JSONValue = ["identifier": "reader", "causeway_role": "auditor", "expiring": false]
            #expect(try await server.send("POST", "/core/tokens/", body).status == 201)
            let key = try #require(try await server.send("GET", "/core/tokens/reader/view_key/").body["key"]?.string)
            #expect(try await server.send("GET", "/core/users/", key: key).status == 200)
            #expect(try await server.send("POST", "/core/groups/", ["name": "x"], key: key).status == 403)
            let auditor = try await server.token(.auditor)
            #expect(try await server.send("GET", "/core/users/", key: auditor).status == 200)
            let user = try await server.send("GET", "/core/users/?username=auditor").body["results"]?.array?.first
            let id = try #require(user?["pk"]?.integer)
            #expect(try await server.send("PATCH", "/core/users/\(id)/", ["is_active": false]).status == 200)
            let refused = try await server.send("GET", "/core/users/", key: auditor)
            #expect(refused.status == 403)
            #expect(refused.body["detail"] == "Token invalid/expired")
        }
    }

    @Test("the key that the server prints creates the first administrator, once")
    func setUp() async throws {
        try await TemporaryFolder.with { folder in
            let arguments = ["serve", "--listen", "127.0.0.1:0", "--data", folder.path]
            _ = try await RunningProgram.with(arguments) { running in
                let origin = try await running.origin()
                let line = try await running.line(containing: "/if/setup/?token=")
                let token = String(try #require(line.firstMatch(of: /token=([A-Za-z0-9]+)/)).1)
                func setUp(_ token: String, _ password: String) async throws -> HTTP.Answer {
                    try await HTTP.send(
                        "POST",
                        origin + "/api/v3/causeway/setup/",
                        body: ["token": .string(token), "username": "ada", "password": .string(password)]
                    )
                }
                #expect(try await setUp("wrong", "a long pass phrase").status == 400)
                #expect(try await setUp(token, "short").body["password"]?.array?.isEmpty == false)
                let made = try await setUp(token, "a long pass phrase")
                #expect(made.status == 201)
                #expect(made.body["role"] == "administrator")
                #expect(try await setUp(token, "a long pass phrase").status == 400)
            }
        }
    }
}
