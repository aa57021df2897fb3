import CausewayJSON
import CausewayTestSupport
import Testing

/// The observed answers of authentik's own engine (2026.5.0-rc1).
@Suite("Testing a mapping over the API")
struct MappingTestTests {
    @Test("the mapping sees the named user, group and context, or a blank user where none is named")
    func given() async throws {
        try await ServedProgram.with { server in
            let user = try await server.send("POST", "/core/users/", ["username": "ada", "name": "Ada"])
            let group = try await server.send("POST", "/core/groups/", ["name": "Eng"])
            let cases: [(expression: String, body: [String: JSONValue], result: JSONValue)] = [
                (
                    "return {'city': '<' + request.user.username + '>', 'country': str(user.pk)}", [:],
                    ["city": "<>", "country": "None"]
                ),
                (
                    "return {'city': user.name, 'country': str(group), 'state': str(request.context['group'].name)}",
                    ["user": user.body["pk"] ?? .null, "group": group.body["pk"] ?? .null],
                    ["city": "Ada", "country": "Group Eng", "state": "Eng"]
                ),
                (
                    "return {'city': foo, 'country': request.context.get('foo'), 'state': str(bar['n'])}",
                    ["context": ["foo": "bar", "bar": ["n": 1]]], ["city": "bar", "country": "bar", "state": "1"]
                ),
                (
                    "return {'city': foo + user.name}",
                    ["user": user.body["pk"] ?? .null, "context": ["foo": "x", "user": "not this one"]],
                    ["city": "xAda"]
                ),
            ]
            for (number, one) in cases.enumerated() {
                let mapping = try await server.send(
                    "POST",
                    "/propertymappings/provider/microsoft_entra/",
                    ["name": .string("m\(number)"), "expression": .string(one.expression)]
                )
                let key = mapping.body["pk"]?.string ?? ""
                let answer = try await server.send(
                    "POST",
                    "/propertymappings/all/\(key)/test/",
                    .object(one.body)
                )
                #expect(answer.status == 200 && answer.body["successful"] == true, "\(answer.body)")
                let result = try JSONValue(parsing: Array((answer.body["result"]?.string ?? "").utf8))
                for (name, value) in one.result.object ?? [:] {
                    #expect(result[name] == value, "\(one.expression): \(result)")
                }
            }
        }
    }

    @Test("an undefined name and an unknown user are errors that name them")
    func missing() async throws {
        try await ServedProgram.with { server in
            let mapping = try await server.send(
                "POST",
                "/propertymappings/provider/microsoft_entra/",
                ["name": "m", "expression": "return {'city': foo}"]
            )
            let path = "/propertymappings/all/\(mapping.body["pk"]?.string ?? "")/test/"
            let answer = try await server.send("POST", path, [:])
            #expect(answer.body["successful"] == false && answer.body["result"]?.string?.contains("'foo'") == true)
            let unknown = try await server.send("POST", path, ["user": 999_999])
            #expect(unknown.status == 400 && unknown.body["user"] != nil)
        }
    }
}
