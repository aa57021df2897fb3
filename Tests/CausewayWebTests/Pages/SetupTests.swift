import CausewayTestSupport
import Foundation
import Testing

@Suite("The link that the server prints if there is no administrator")
struct SetupTests {
    @Test("the link leads to a page that creates the first administrator, once, and signs them in")
    func setUp() async throws {
        try await TemporaryFolder.with { folder in
            let arguments = ["serve", "--listen", "127.0.0.1:0", "--data", folder.path]
            _ = try await RunningProgram.with(arguments) { running in
                let line = try await running.line(containing: "/if/setup/?token=")
                let link = line.trimmingCharacters(in: .whitespaces)
                let page = try await HTTP.text("GET", link)
                #expect(page.status == 200)
                let token = try #require(link.split(separator: "=").last)
                #expect(page.text.contains("value=\"\(token)\""))
                func send(_ password: String, again: String) async throws -> (Int, [String: String], String) {
                    let fields = "setup_token=\(token)&username=ada&password=\(password)&password_again=\(again)"
                    let answer = try await HTTP.text("POST", link, form: fields)
                    return (answer.status, answer.headers, answer.text)
                }
                let different = try await send("a+long+pass+phrase", again: "another")
                #expect(different.0 == 422 && different.2.contains("do not match"))
                let short = try await send("short", again: "short")
                #expect(short.0 == 422 && !short.2.contains("short\""))
                let made = try await send("a+long+pass+phrase", again: "a+long+pass+phrase")
                #expect(made.0 == 303)
                #expect(made.1["set-cookie"]?.contains("HttpOnly") == true)
                let twice = try await send("a+long+pass+phrase", again: "a+long+pass+phrase")
                #expect(twice.0 == 422)
            }
        }
    }
}
