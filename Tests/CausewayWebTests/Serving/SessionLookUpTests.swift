import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@Suite("The session of a page")
struct SessionLookUpTests {
    @Test("the session is looked up once for a page, even if the page makes several API calls")
    func once() async throws {
        try await TemporaryFolder.with { folder in
            _ = try await ServedProgram.setUp(in: folder)
            let log = folder.appending(path: "server.log")
            let shell = ["-c", "exec \"$@\" 2>'\(log.path)'", "sh"]
            _ = try await RunningProgram.with(
                shell + [Program.url.path, "serve", "--listen", "127.0.0.1:0", "--data", folder.path],
                at: URL(filePath: "/bin/sh"),
                environment: ["CAUSEWAY_LOG_LEVEL": "trace"]
            ) { running in
                try await Self.count(try await running.origin(), log)
            }
        }
    }

    private static func count(_ origin: String, _ log: URL) async throws {
        let credentials: JSONValue = ["username": "root", "password": .string(ServedProgram.password)]
        let session = try await HTTP.send("POST", "\(origin)/api/v3/causeway/session/", body: credentials)
        let cookie = [("Cookie", session.cookies.joined(separator: "; "))]
        func lookUps() throws -> Int {
            try String(contentsOf: log, encoding: .utf8).components(separatedBy: "session looked up").count - 1
        }
        let before = try lookUps()
        let state = try await HTTP.send("GET", "\(origin)/api/v3/causeway/session/", headers: cookie)
        #expect(state.body["username"] == "root")
        #expect(try lookUps() == before + 1)
        for page in ["", "users/1/", "system/", "providers/"] {
            let before = try lookUps()
            let shown = try await HTTP.text("GET", "\(origin)/if/admin/\(page)", headers: cookie)
            #expect(shown.status == 200 && shown.text.contains("root"), "\(page): \(shown.status)")
            #expect(try lookUps() == before + 1, "\(page)")
        }
    }

    @Test("a page has the rights of its user and no more, and a change needs the session's token")
    func rights() async throws {
        try await ServedProgram.with { server in
            let roles = try await server.send("GET", "/causeway/roles/").body.array ?? []
            let auditor = try #require(roles.first { $0["role"] == "auditor" }?["pk"])
            let user = try await server.send(
                "POST",
                "/core/users/",
                ["username": "ada", "name": "Ada", "roles": [auditor]]
            )
            let key = try #require(user.body["pk"]?.integer, "\(user.body.text)")
            let password: JSONValue = ["password": "another long pass phrase"]
            #expect(try await server.send("POST", "/core/users/\(key)/set_password/", password).status == 204)
            let credentials: JSONValue = ["username": "ada", "password": "another long pass phrase"]
            let session = try await server.send("POST", "/causeway/session/", credentials, key: nil)
            let cookie = [("Cookie", session.cookies.joined(separator: "; "))]
            let token = try #require(session.body["csrf_token"]?.string)
            let pages = "\(server.origin)/if/admin/users/"
            let shown = try await HTTP.text("GET", "\(pages)\(key)/", headers: cookie)
            #expect(shown.status == 200 && !shown.text.contains("name=\"role\""))
            let form = try await HTTP.text("GET", "\(pages)create/", headers: cookie)
            #expect(form.status == 403)
            for token in [token, "guessed"] {
                let sent = "_token=\(token)&role="
                let refused = try await HTTP.text("POST", "\(pages)\(key)/role/", headers: cookie, form: sent)
                #expect(refused.status == 403)
            }
            let kept = try await server.send("GET", "/core/users/\(key)/")
            #expect(kept.body["roles"] == [auditor])
        }
    }
}
