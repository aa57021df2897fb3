import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@Suite("causeway open", .timeLimit(.minutes(10)))
struct OpenCommandTests {
    /// A form with the key of a link.
    private static func post(_ link: String) async throws -> (status: Int, cookie: String?) {
        let parts = try #require(URLComponents(string: link))
        let key = parts.queryItems?.first { $0.name == "key" }?.value ?? ""
        let answer = try await HTTP.text("POST", String(link.prefix { $0 != "?" }), form: "key=\(key)")
        let cookie = answer.headers["set-cookie"].flatMap { $0.split(separator: ";").first.map(String.init) }
        return (answer.status, cookie)
    }

    @Test("the link shows a page, its form signs in as the only administrator, once, and the log has both steps")
    func link() async throws {
        try await ServedProgram.with { server in
            let made = try await Program.run(["open", "--json", "--data", server.folder.path])
            #expect(made.status == 0, "\(made.errors)")
            let link = try #require(try made.json["url"]?.string)
            let username = try made.json["username"]
            #expect(link.hasPrefix(server.origin + "/if/sign-in/link/?key=") && username == "root")
            // Looking at the page does not use the link up.
            for _ in 1...2 {
                let page = try await HTTP.text("GET", link)
                #expect(page.status == 200 && page.headers["set-cookie"] == nil && page.text.contains("Sign in"))
            }
            let first = try await Self.post(link)
            #expect(first.status == 303)
            let home = try await HTTP.text(
                "GET",
                server.origin + "/if/admin/",
                headers: [("Cookie", try #require(first.cookie))]
            )
            #expect(home.status == 200)
            let second = try await Self.post(link)
            #expect(second.status == 422 && second.cookie == nil)
            let events = try await server.send("GET", "/events/events/?page_size=100").body["results"]?.array ?? []
            let actions = events.map { $0["context"]?["custom_action"]?.string ?? $0["action"]?.string }
            #expect(actions.contains("custom_sign_in_link_created") && actions.contains("login"))
            let login = events.first { $0["action"] == "login" }
            #expect(login?["context"]?["causeway"]?["auth_method"] == "sign_in_link")
        }
    }

    @Test("a newer link ends the older one of the same user; an inactive user has none")
    func replaced() async throws {
        try await ServedProgram.with { server in
            let data = ["--data", server.folder.path]
            func link() async throws -> String {
                try await Program.run(["open", "--json"] + data).json["url"]?.string ?? ""
            }
            let (older, newer) = (try await link(), try await link())
            #expect(try await Self.post(older).status == 422)
            #expect(try await Self.post(newer).status == 303)
            for name in ["ada", "eve"] {
                _ = try await Program.run(["user", "create", name, "--role", "administrator"] + data)
            }
            _ = try await Program.run(["user", "update", "root", "--no-active"] + data)
            let unclear = try await Program.run(["open"] + data)
            #expect(unclear.status == 1 && unclear.errors.contains("with --user: ada, eve"), "\(unclear.output)")
            let named = try await Program.run(["open", "--user", "ada", "--json"] + data)
            let ada = try #require(try named.json["url"]?.string)
            _ = try await Program.run(["user", "update", "ada", "--no-active"] + data)
            #expect(try await Self.post(ada).status == 422)
            let inactive = try await Program.run(["open", "--user", "ada"] + data)
            #expect(inactive.status == 1 && inactive.errors.contains("There is no active user 'ada'."))
        }
    }

    @Test("a desktop's browser gets the link in a file that only this user can read, not in an argument")
    func desktop() async throws {
        try await ServedProgram.with { server in
            let (seen, opener) = (server.folder.appending(path: "seen"), server.folder.appending(path: "xdg-open"))
            try Data("#!/bin/sh\necho \"$@\" > '\(seen.path).new' && mv '\(seen.path).new' '\(seen.path)'\n".utf8)
                .write(to: opener)
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: opener.path)
            let environment = ["DISPLAY": ":7", "PATH": "\(server.folder.path):/usr/bin:/bin"]
            let run = try await Program.run(["open", "--data", server.folder.path], environment: environment)
            #expect(run.status == 0 && run.output.contains("The browser opens"), "\(run.errors)")
            let end = ContinuousClock.now + .seconds(30)
            while !FileManager.default.fileExists(atPath: seen.path) {
                try #require(ContinuousClock.now < end)
                try await Task.sleep(for: .milliseconds(10))
            }
            let argument = try String(contentsOf: seen, encoding: .utf8).trimmingCharacters(in: .newlines)
            #expect(argument.hasPrefix("file://") && !argument.contains("key="))
            let file = try #require(URL(string: argument))
            let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let page = try String(contentsOf: file, encoding: .utf8)
            let link = try #require(page.firstMatch(of: /url=([^"]+)"/)).1
            #expect(try await Self.post(String(link)).status == 303)
        }
    }

    @Test("without a server it says how to start one; with --url it needs none")
    func noServer() async throws {
        try await TemporaryFolder.with { folder in
            _ = try await ServedProgram.setUp(in: folder)
            let none = try await Program.run(["open", "--data", folder.path])
            #expect(none.status == 1 && none.errors.contains("start it: causeway serve"))
            let named = try await Program.run(["open", "--url", "https://causeway.company.com/", "--data", folder.path])
            #expect(named.output.contains("https://causeway.company.com/if/sign-in/link/?key="), "\(named.errors)")
            let wrong = try await Program.run(["open", "--url", "causeway", "--data", folder.path])
            #expect(wrong.status == 1 && wrong.errors.contains("'causeway' is not an address"))
        }
    }
}
