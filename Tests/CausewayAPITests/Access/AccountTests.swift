import CausewayJSON
import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayAPI

@Suite("The own account", .serialized)
struct AccountTests {
    /// A browser in which a user is signed in.
    private struct Browser {
        let server: ServedProgram
        let cookies: [String]
        let csrf: String

        init(
            _ server: ServedProgram,
            _ username: String,
            _ password: String = ServedProgram.password,
            agent: String = "Test"
        ) async throws {
            let answer = try await HTTP.send(
                "POST",
                server.origin + "/api/v3/causeway/session/",
                headers: [("User-Agent", agent)],
                body: ["username": .string(username), "password": .string(password)]
            )
            try #require(answer.status == 201, "\(answer.body.text)")
            self.server = server
            cookies = answer.cookies
            csrf = try #require(answer.body["csrf_token"]?.string)
        }

        func send(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> HTTP.Answer {
            let headers = [("Cookie", cookies.joined(separator: "; ")), ("X-authentik-CSRF", csrf)]
            return try await HTTP.send(method, server.origin + "/api/v3" + path, headers: headers, body: body)
        }

        var isSignedIn: Bool { get async throws { try await send("GET", "/core/users/me/").status == 200 } }
    }

    /// A user with the password of all, and a role or none.
    private static func user(_ server: ServedProgram, _ name: String, _ role: AccessRole? = nil) async throws -> Int64 {
        let roles = role.map { [JSONValue.string($0.id.uuidString.lowercased())] } ?? []
        let body: JSONValue = ["username": .string(name), "name": "", "roles": .array(roles)]
        let key = try #require(try await server.send("POST", "/core/users/", body).body["pk"]?.integer)
        let password: JSONValue = ["password": .string(ServedProgram.password)]
        _ = try await server.send("POST", "/core/users/\(key)/set_password/", password)
        return key
    }

    private static func change(_ browser: Browser, from current: String, to new: String) async throws -> HTTP.Answer {
        let body: JSONValue = ["current_password": .string(current), "new_password": .string(new)]
        return try await browser.send("POST", "/causeway/password/", body)
    }

    @Test(
        "a user without a role changes the own password: the current one is asked for, other sessions end, the browser stays known"
    )
    func password() async throws {
        try await ServedProgram.with(environment: ["CAUSEWAY_SIGN_IN_FAILURES": "3"]) { server in
            _ = try await Self.user(server, "ada")
            let (browser, other) = (try await Browser(server, "ada"), try await Browser(server, "ada"))
            let new = "seven quiet herons at dawn"
            let wrong = try await Self.change(browser, from: "wrong", to: new)
            #expect(wrong.status == 400 && wrong.body["current_password"]?.text.contains("wrong") == true)
            let weak = try await Self.change(browser, from: ServedProgram.password, to: "password1234")
            #expect(weak.status == 400 && weak.body["new_password"]?.text.contains("common words") == true)
            let same = try await Self.change(browser, from: ServedProgram.password, to: ServedProgram.password)
            #expect(same.status == 400 && same.body["new_password"] != nil)
            #expect(try await other.isSignedIn)
            let done = try await Self.change(browser, from: ServedProgram.password, to: new)
            #expect(done.status == 204, "\(done.body.text)")
            #expect(done.cookies.contains { $0.hasPrefix("causeway_device_") })
            #expect(try await browser.isSignedIn)
            #expect(try await !other.isSignedIn)
            _ = try await Browser(server, "ada", new)
            let events = try await server.send("GET", "/events/events/?action=password_set&username=ada")
            #expect(events.body["pagination"]?["count"] == 1)
            let token = try await server.send(
                "POST",
                "/causeway/password/",
                ["current_password": "x", "new_password": "y"],
                key: nil
            )
            #expect(token.status == 403)
        }
    }

    @Test("wrong current passwords are limited")
    func guesses() async throws {
        try await ServedProgram.with(environment: ["CAUSEWAY_SIGN_IN_FAILURES": "2"]) { server in
            let browser = try await Browser(server, "root")
            var statuses: [Int] = []
            for _ in 0..<4 {
                statuses.append(try await Self.change(browser, from: "wrong", to: "seven quiet herons at dawn").status)
            }
            #expect(statuses == [400, 400, 429, 429])
        }
    }

    @Test("users see their own sessions and end one, the others, or all; administrators do so for everyone")
    func sessions() async throws {
        try await ServedProgram.with { server in
            let (ada, bob) = (try await Self.user(server, "ada"), try await Self.user(server, "bob", .operator))
            let browser = try await Browser(server, "ada", agent: "First")
            let second = try await Browser(server, "ada", agent: "Second")
            let third = try await Browser(server, "ada", agent: "Third")
            let others = try await Browser(server, "bob")
            let shown = try await browser.send("GET", "/causeway/sessions/").body.array ?? []
            #expect(Set(shown.compactMap { $0["user_agent"]?.string }) == ["First", "Second", "Third"])
            #expect(shown.allSatisfy { $0["client_ip"] == "127.0.0.1" && $0["user"] == .integer(ada) })
            #expect(shown.filter { $0["is_current"] == true }.map { $0["user_agent"] } == ["First"])
            let id = try #require(shown.first { $0["user_agent"] == "Second" }?["id"]?.string)
            // Not those of others, and not by others.
            #expect(try await others.send("DELETE", "/causeway/sessions/\(id)/").status == 404)
            #expect(try await others.send("GET", "/causeway/sessions/?user=\(ada)").status == 403)
            #expect(try await others.send("DELETE", "/causeway/sessions/?user=\(ada)").status == 403)
            #expect(try await browser.send("DELETE", "/causeway/sessions/\(id)/").status == 204)
            #expect(try await browser.send("DELETE", "/causeway/sessions/\(id)/").status == 404)
            #expect(try await !second.isSignedIn)
            #expect(try await third.isSignedIn)
            let kept = try await browser.send("DELETE", "/causeway/sessions/?keep_current=true")
            #expect(kept.status == 204 && kept.cookies.isEmpty)
            #expect(try await browser.isSignedIn)
            #expect(try await !third.isSignedIn)
            // There is no other session any more: nothing ends, and nothing is recorded.
            #expect(try await browser.send("DELETE", "/causeway/sessions/?keep_current=true").status == 204)
            let all = try await browser.send("DELETE", "/causeway/sessions/")
            #expect(all.status == 204 && all.cookies == ["causeway_session="])
            #expect(try await !browser.isSignedIn)
            // An administrator, with a token.
            let open = try await server.send("GET", "/causeway/sessions/?user=\(bob)").body.array
            #expect(open?.count == 1)
            #expect(try await server.send("DELETE", "/causeway/sessions/?user=\(bob)").status == 204)
            #expect(try await !others.isSignedIn)
            let events = try await server.send("GET", "/events/events/?action=logout")
            #expect(events.body["pagination"]?["count"] == 4)
        }
    }

    @Test("a session that was not used for an hour is not shown")
    func idle() {
        let start = Timestamp(milliseconds: 0)
        let session = BrowserSession(
            keyHash: [1],
            user: UserID(1),
            csrfToken: "",
            created: start,
            expires: start + .seconds(12 * 3600),
            lastSeen: start,
            userAgent: ""
        )
        #expect(session.isValid(at: start + .seconds(3599), idle: .seconds(3600)))
        #expect(!session.isValid(at: start + .seconds(3600), idle: .seconds(3600)))
        #expect(!session.isValid(at: start + .seconds(12 * 3600), idle: .seconds(13 * 3600)))
    }

    @Test("auditors see who must wait, from where and until when; administrators lift it, and the log says so")
    func lockouts() async throws {
        try await ServedProgram.with(environment: ["CAUSEWAY_SIGN_IN_FAILURES": "2"]) { server in
            let auditor = try await server.token(.auditor)
            let guess: JSONValue = ["username": "root", "password": "a guess"]
            for _ in 0..<3 { _ = try await server.send("POST", "/causeway/session/", guess, key: nil) }
            let right: JSONValue = ["username": "root", "password": .string(ServedProgram.password)]
            #expect(try await server.send("POST", "/causeway/session/", right, key: nil).status == 429)
            let begun = try await server.send("GET", "/events/events/?action=custom_lockout").body["results"]?
                .array
            #expect(begun?.map { $0["context"]?["causeway"]?["locked"] } == [["address", "account"]])
            let locked = try await server.send("GET", "/causeway/lockouts/", key: auditor).body.array ?? []
            #expect(Set(locked.compactMap { $0["kind"]?.string }) == ["account", "address"])
            #expect(
                locked.allSatisfy { $0["username"] == "root" && $0["address"] == "127.0.0.1" && $0["attempts"] == 2 }
            )
            #expect(locked.allSatisfy { ($0["until"]?.string).flatMap(APITime.timestamp).map { $0 > .now() } == true })
            for lockout in locked {
                let path = "/causeway/lockouts/\(lockout["id"]?.string ?? "")/"
                #expect(try await server.send("DELETE", path, key: auditor).status == 403)
                #expect(try await server.send("DELETE", path).status == 204)
                #expect(try await server.send("DELETE", path).status == 404)
            }
            #expect(try await server.send("GET", "/causeway/lockouts/").body.array?.isEmpty == true)
            #expect(try await server.send("POST", "/causeway/session/", right, key: nil).status == 201)
            let events = try await server.send("GET", "/events/events/?action=custom_lockout_lifted").body["results"]?
                .array
            #expect(events?.count == 2)
        }
    }

    @Test("wrong keys that lock an address are in the log, once")
    func wrongKeys() async throws {
        try await ServedProgram.with(environment: ["CAUSEWAY_SIGN_IN_FAILURES": "2"]) { server in
            for _ in 0..<4 { _ = try await server.send("GET", "/core/users/", key: "a guess") }
            let begun = try await server.send("GET", "/events/events/?action=custom_lockout").body["results"]?.array
            #expect(begun?.map { $0["context"]?["locked"] } == [["address"]], "\(begun ?? [])")
            #expect(begun?.first?["client_ip"] == "127.0.0.1")
        }
    }

    @Test("an answer says whether the key of a token can still be shown")
    func keys() async throws {
        try await ServedProgram.with { server in
            let made = try await server.send("POST", "/core/tokens/", ["identifier": "fresh"])
            #expect(made.body["causeway_key_available"] == true)
            #expect(try await server.send("GET", "/core/tokens/fresh/view_key/").status == 200)
            #expect(try await server.send("GET", "/core/tokens/fresh/").body["causeway_key_available"] == false)
            let listed = try await server.send("GET", "/core/tokens/?identifier=fresh").body["results"]?.array
            #expect(listed?.map { $0["causeway_key_available"] } == [false])
            let other: JSONValue = ["key": "another key, long enough for this"]
            #expect(try await server.send("POST", "/core/tokens/fresh/set_key/", other).status == 204)
            #expect(try await server.send("GET", "/core/tokens/fresh/").body["causeway_key_available"] == true)
        }
    }
}
