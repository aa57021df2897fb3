import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@Suite("The session of a page")
struct SessionLookUpTests {
    @Test("is looked up once for a page, however many calls of the API the page makes")
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
}
