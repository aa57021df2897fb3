import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("The preferences of an account")
struct PreferenceTests {
    @Test("language and time zone are stored for the caller, are part of the session, and are checked")
    func preferences() async throws {
        try await ServedProgram.with { server in
            let path = "/causeway/preferences/"
            let none: JSONValue = ["language": .null, "time_zone": .null]
            #expect(try await server.send("GET", path).body == none)
            let chosen: JSONValue = ["language": "de", "time_zone": "Europe/Berlin"]
            #expect(try await server.send("PATCH", path, chosen).body == chosen)
            let partly = try await server.send("PATCH", path, ["language": .null])
            #expect(partly.body == ["language": .null, "time_zone": "Europe/Berlin"])
            let refused = try await server.send("PATCH", path, ["time_zone": "Europe/Atlantis"])
            #expect(
                refused.status == 400
                    && refused.body["time_zone"]?.array?.first?.string?.contains("Europe/Berlin") == true
            )
            #expect(try await server.send("PATCH", path, ["language": "tlh"]).status == 400)
            #expect(try await server.send("GET", path).body == partly.body)
            let credentials: JSONValue = ["username": "root", "password": "a long pass phrase"]
            let session = try await server.send("POST", "/causeway/session/", credentials, key: nil)
            #expect(session.body["time_zone"] == "Europe/Berlin" && session.body["language"] == .null)
            #expect(try await server.send("GET", path, key: nil).status == 403)
        }
    }
}
