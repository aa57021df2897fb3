import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@Suite("The pages of the documentation")
struct HelpPageTests {
    @Test("the documentation needs no sign-in, and does not tell strangers the version")
    func open() async throws {
        try await ServedProgram.with { server in
            func get(_ path: String) async throws -> (status: Int, headers: [String: String], text: String) {
                try await HTTP.text("GET", server.origin + path)
            }
            let first = try await get("/help/")
            #expect(first.status == 200 && first.text.contains("<h1>Documentation</h1>"), "\(first.text)")
            let page = try await get("/help/register-in-entra/")
            #expect(page.status == 200 && page.text.contains("<h2 id=\"9-check-the-connection\">"))
            #expect(!page.text.contains("Causeway 0.") && !first.text.contains("Causeway 0."))
            let version = try await server.send("GET", "/admin/version/")
            let build = try #require(version.body["build_hash"]?.string)
            #expect(!first.text.contains("Causeway \(build)") && !build.isEmpty)
            let changes = try await get("/help/project/changelog/")
            #expect(changes.status == 303)
            #expect(changes.headers["location"] == "/if/sign-in/?next=%2Fhelp%2Fproject%2Fchangelog%2F")
            let found = try await get("/help/search/?q=admin+consent")
            #expect(found.text.contains("href=\"/help/register-in-entra/#3-grant-admin-consent\""))
            let picture = try await get("/help/screenshots/dashboard-waiting-1280.png")
            #expect(picture.status == 200 && picture.headers["content-type"] == "image/png")
            let sample = try await get("/help/samples/people.csv")
            #expect(sample.status == 200 && sample.text.contains("Username"))
            for path in ["/help/nothing/", "/help/../README.md", "/help/search/more/", "/help/decisions/nothing/"] {
                let missing = try await get(path)
                #expect(missing.status == 404, "\(path)")
            }
        }
    }

    @Test("the API reference has every operation and every schema, each with its anchor")
    func reference() async throws {
        try await ServedProgram.with { server in
            let document = try await server.send("GET", "/schema/", key: nil)
            let paths = try #require(document.body["paths"]?.object)
            let contents = try await HTTP.text("GET", "\(server.origin)/help/api/")
            var (pages, count) = ([String: String](), 0)
            for operations in paths.values {
                for operation in (operations.object ?? [:]).values {
                    guard let id = operation["operationId"]?.string else { continue }
                    let tag = try #require(operation["tags"]?.array?.first?.string, "\(id)")
                    if pages[tag] == nil {
                        pages[tag] = try await HTTP.text("GET", "\(server.origin)/help/api/\(tag)/").text
                    }
                    count += 1
                    #expect(contents.text.contains("href=\"/help/api/\(tag)/#\(id)\""), "\(id)")
                    #expect(pages[tag]?.contains("id=\"\(id)\"") == true, "\(id)")
                }
            }
            #expect(count > 130)
            let schemas = try await HTTP.text("GET", "\(server.origin)/help/api/schemas/")
            let names = document.body["components"]?["schemas"]?.object?.keys ?? [:].keys
            for name in names { #expect(schemas.text.contains("id=\"\(name)\""), "\(name)") }
            for link in pages.values.flatMap({ $0.matches(of: /\/help\/api\/schemas\/#(\w+)/) }) {
                #expect(schemas.text.contains("id=\"\(link.1)\""), "\(link.1)")
            }
            let few = try await HTTP.text("GET", "\(server.origin)/help/api/?q=quarantine+delete")
            #expect(
                few.text.contains("#causeway_providers_quarantine_destroy") && !few.text.contains("#core_users_list")
            )
            let providers = pages["providers"] ?? ""
            #expect(providers.contains("&quot;client_secret&quot;") && providers.contains("curl --request POST"))
        }
    }
}
