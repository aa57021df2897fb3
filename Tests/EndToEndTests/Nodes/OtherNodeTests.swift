import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@Suite("Requests of one browser that reach different nodes", .onlyPostgreSQL)
struct OtherNodeTests {
    private static let password = "a long pass phrase"

    /// Two servers in processes of their own, and a session that began on the first.
    private struct Nodes {
        let first: String
        let second: String
        let session: HTTP.Answer

        private var cookies: String { session.cookies.joined(separator: "; ") }
        var token: String { session.body["csrf_token"]?.string ?? "" }

        var headers: [(String, String)] { [("Cookie", cookies), ("X-authentik-CSRF", token)] }

        func page(_ address: String, cookie: String? = nil) async throws -> (status: Int, text: String) {
            let cookies = [cookies, cookie].compactMap(\.self).joined(separator: "; ")
            let answer = try await HTTP.text("GET", address, headers: [("Cookie", cookies)])
            return (answer.status, answer.text)
        }

        /// - Returns: where the page leads to.
        func send(_ form: [(String, String)], to address: String) async throws -> String {
            let headers = [("Cookie", cookies)]
            let answer = try await HTTP.text("POST", address, headers: headers, form: OtherNodeTests.text(form))
            #expect(answer.status == 303, "\(answer.status) \(answer.text.prefix(2000))")
            return answer.headers["location"] ?? ""
        }

        func api(_ method: String, _ address: String, _ body: JSONValue? = nil) async throws -> HTTP.Answer {
            try await HTTP.send(method, address, headers: headers, body: body)
        }
    }

    private static func text(_ form: [(String, String)]) -> String {
        form.map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
        }.joined(separator: "&")
    }

    private static func withNodes(_ body: (Nodes) async throws -> Void) async throws {
        let settings = ["CAUSEWAY_SECRET_KEY": "a key text for tests"]
        let ran: Void? = try await ServerDatabase.with { database in
            try await TemporaryFolder.with { folder in
                let file = folder.appending(path: "password")
                try Data("\(password)\n".utf8).write(to: file)
                func options(_ name: String) -> [String] {
                    ["--data", folder.appending(path: name).path, "--database", database.url]
                }
                let made = try await Program.run(
                    ["user", "create-admin", "root", "--password-file", file.path] + options("ada"),
                    environment: settings
                )
                #expect(made.status == 0, "\(made.errors)")
                let serve = ["serve", "--listen", "127.0.0.1:0"]
                _ = try await RunningProgram.with(serve + options("ada"), environment: settings) { ada in
                    let first = try await ada.origin()
                    _ = try await RunningProgram.with(serve + options("bert"), environment: settings) { bert in
                        let second = try await bert.origin()
                        let session = try await HTTP.send(
                            "POST",
                            "\(first)/api/v3/causeway/session/",
                            body: ["username": "root", "password": .string(password)]
                        )
                        try await body(Nodes(first: first, second: second, session: session))
                    }
                }
            }
        }
        try #require(ran != nil)
    }

    @Test("the result of an import, and a form that was kept, are shown by the other node")
    func pages() async throws {
        try await Self.withNodes { nodes in
            let users = "username,name\nada,Ada Lovelace\n"
            let result = try await nodes.send(
                [("_token", nodes.token), ("users", users)],
                to: "\(nodes.first)/if/admin/users/import/"
            )
            #expect(result.contains("result="))
            for origin in [nodes.second, nodes.first] {
                let shown = try await nodes.page(origin + result)
                #expect(shown.status == 200, "\(shown.text.prefix(2000))")
            }
            let kept = try await HTTP.text(
                "POST",
                "\(nodes.second)/if/admin/users/create/",
                headers: [("Sec-Fetch-Site", "same-origin")],
                form: Self.text([("username", "grace"), ("name", "Grace Hopper")])
            )
            let place = kept.headers["location"] ?? ""
            let cookie = kept.headers["set-cookie"]?.split(separator: ";").first.map(String.init) ?? ""
            #expect(kept.status == 303 && place.contains("kept=") && cookie.hasPrefix("causeway_kept="))
            let form = try await nodes.page(nodes.first + place, cookie: cookie)
            #expect(form.status == 200 && form.text.contains("Grace Hopper"))
            let stranger = try await nodes.page(nodes.first + place)
            #expect(stranger.status == 200 && !stranger.text.contains("Grace Hopper"))
        }
    }

    @Test("the other node says how far a change of many objects is")
    func bulk() async throws {
        try await Self.withNodes { nodes in
            let users = "username,name\n" + (0..<2000).map { "temp-\($0),Temp \($0)\n" }.joined()
            let path = "/api/v3/causeway/import/"
            #expect(try await nodes.api("POST", nodes.first + path, ["users": .string(users)]).status == 200)
            let begun = try await nodes.api(
                "POST",
                "\(nodes.first)/api/v3/causeway/users/bulk/",
                ["action": "deactivate", "matching": ["search": "temp"], "count": 2000, "background": true]
            )
            #expect(begun.status == 200 && begun.body["status"] == "running", "\(begun.body.text)")
            let place = "\(nodes.second)/api/v3/causeway/bulk/\(begun.body["pk"]?.string ?? "")/"
            var done: Int64 = 0
            while true {
                let state = try await nodes.api("GET", place).body
                let now = state["done"]?.integer ?? -1
                #expect(now >= done)
                done = now
                guard state["status"] == "running" else {
                    #expect(state["status"] == "done" && done == 2000, "\(state.text)")
                    break
                }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    @Test("of two changes by what was read before, on two nodes, one is refused")
    func match() async throws {
        try await Self.withNodes { nodes in
            let path = "/api/v3/core/users/"
            let user = try await nodes.api("POST", nodes.first + path, ["username": "ada", "name": "Ada"])
            let own = "\(path)\(user.body["pk"]?.integer ?? 0)/"
            for turn in 0..<5 {
                let tag = try await HTTP.text("GET", nodes.first + own, headers: nodes.headers).headers["etag"] ?? ""
                #expect(!tag.isEmpty)
                let headers = nodes.headers + [("If-Match", tag)]
                async let left = HTTP.send(
                    "PATCH",
                    nodes.first + own,
                    headers: headers,
                    body: ["name": .string("L\(turn)")]
                )
                async let right = HTTP.send(
                    "PATCH",
                    nodes.second + own,
                    headers: headers,
                    body: ["name": .string("R\(turn)")]
                )
                let answers = try await [left, right]
                let text = answers.map { "\($0.status) \($0.body.text)" }.joined(separator: "\n")
                #expect(answers.map(\.status).sorted() == [200, 412], "\(text)")
            }
        }
    }
}
