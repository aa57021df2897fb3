import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("The operation that searches everything")
struct SearchOperationTests {
    @Test("objects of all kinds are found, auditors may search, and users without a role may not")
    func search() async throws {
        try await ServedProgram.with { server in
            let provider: JSONValue = [
                "name": "Entra of Contoso", "client_id": "c", "tenant_id": "t", "client_secret": "s",
            ]
            let made = try await server.send("POST", "/providers/microsoft_entra/", provider)
            let key = try #require(made.body["pk"], "\(made.body.text)")
            _ = try await server.send("POST", "/core/applications/", ["name": "Contoso portal", "slug": "portal"])
            _ = try await server.send("POST", "/core/groups/", ["name": "All of Contoso"])
            _ = try await server.send(
                "POST",
                "/core/users/",
                ["username": "ada", "name": "Ada", "email": "ada@contoso.com"]
            )
            let answer = try await server.send("GET", "/causeway/search/?q=contoso")
            #expect(answer.status == 200, "\(answer.body.text)")
            let hits = answer.body.array ?? []
            #expect(
                hits.compactMap { $0["kind"]?.string } == ["provider", "application", "user", "group"],
                "\(answer.body.text)"
            )
            #expect(hits.first?["pk"]?.string == "\(key.integer ?? 0)" && hits[1]["pk"] == "portal")
            let few = try await server.send("GET", "/causeway/search/?q=contoso&limit=0")
            #expect(few.status == 400)
            let empty = try await server.send("GET", "/causeway/search/")
            #expect(empty.body == [])
            let stranger = try await server.send("GET", "/causeway/search/?q=contoso", key: nil)
            #expect(stranger.status == 403)
        }
    }
}
