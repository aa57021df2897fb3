import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@Suite("The emulated tenant: further endpoints")
struct EndpointTests {
    /// Graph, "List deletedItems", "Get deleted item", "Permanently delete item"; OData 4.01 URL conventions, 4.11.
    @Test("a deleted object is read, restored and purged by its id, with or without its type in the path")
    func deletedItems() async throws {
        try await TenantInProcess.with { tenant in
            let client = tenant.client
            let id = try await client.make("/users", GraphTests.user("ada"))
            let bin = "/directory/deletedItems"
            let addresses = [
                "\(bin)/\(id)", "\(bin)/microsoft.graph.user/\(id)", "\(bin)/graph.user/\(id)",
                "\(bin)/\(id)/microsoft.graph.user", "\(bin)/\(id)/graph.user",
            ]
            for address in addresses {
                #expect(try await client.send("GET", address).status == 404)
                #expect(try await client.send("DELETE", "/users/\(id)").status == 204)
                #expect(try await client.send("GET", address).body["id"]?.string == id)
                #expect(try await client.send("POST", "\(address)/restore").status == 200)
                #expect(try await client.send("GET", "/users/\(id)").status == 200)
            }
            _ = try await client.send("DELETE", "/users/\(id)")
            for address in ["\(bin)/microsoft.graph.group/\(id)", "\(bin)/\(id)/graph.group"] {
                #expect(try await client.send("GET", address).status == 404)
                #expect(try await client.send("DELETE", address).status == 404)
            }
            #expect(try await client.all("\(bin)/graph.user").count == 1)
            #expect(try await client.send("POST", "\(bin)/\(id)/microsoft.graph.restore").status == 200)
            _ = try await client.send("DELETE", "/users/\(id)")
            #expect(try await client.send("DELETE", "\(bin)/microsoft.graph.user/\(id)").status == 204)
            #expect(try await client.all("\(bin)/microsoft.graph.user").isEmpty)
        }
    }

    /// Graph, "Versioning and support": the versions are `v1.0` and `beta`.
    @Test("beta has the objects of v1.0, and links in its answers lead to beta")
    func beta() async throws {
        try await TenantInProcess.with { tenant in
            for name in ["a", "b", "c"] { _ = try await tenant.client.make("/users", GraphTests.user(name)) }
            let beta = tenant.client.version("beta")
            let first = try await beta.send("GET", "/users?$top=2")
            #expect(first.body["@odata.context"]?.string == "\(beta.graph)/$metadata#users")
            #expect(first.body["@odata.nextLink"]?.string?.hasPrefix("\(beta.graph)/users?") == true)
            #expect(try await beta.all("/users?$top=2").count == 3)
            #expect(try await beta.all("/users/delta").count == 3)
            let whole = "\(beta.graph)/users/a@company.com"
            let call: JSONValue = ["id": "1", "method": "GET", "url": .string(whole)]
            let batch = try await beta.send("POST", "/$batch", ["requests": [call]])
            #expect(batch.body["responses"]?.array?.first?["status"] == 200)
        }
    }

    /// Graph, "JSON batching", "Example – first JSON batch request": the entry without content has a body that is null.
    @Test("an answer in a batch that has no body says so")
    func emptyBody() async throws {
        try await TenantInProcess.with { tenant in
            let id = try await tenant.client.make("/users", GraphTests.user("ada"))
            let call: JSONValue = [
                "id": "1", "method": "PATCH", "url": .string("/users/\(id)"), "body": ["jobTitle": "X"],
                "headers": ["Content-Type": "application/json"],
            ]
            let answer = try await tenant.client.send("POST", "/$batch", ["requests": [call]])
            let entry = answer.body["responses"]?.array?.first
            #expect(entry?["status"] == 204)
            #expect(entry?["body"] == .null)
            #expect(entry?["headers"]?["Cache-Control"] == "no-cache")
        }
    }

    /// RFC 8259 knows null as a value; clients that write every member send it for an absent one.
    @Test("an entry of a batch with null for body and headers counts as one without them")
    func nullBody() async throws {
        try await TenantInProcess.with { tenant in
            let call: JSONValue = [
                "id": "1", "method": "GET", "url": "/users?$select=id", "body": .null, "headers": .null,
            ]
            let answer = try await tenant.client.send("POST", "/$batch", ["requests": [call]])
            #expect(answer.status == 200 && answer.body["responses"]?.array?.first?["status"] == 200, "\(answer.body)")
        }
    }

    /// Graph's own pages write `/me/memberof` and `/me/memberOf`, `licensedetails` and `licenseDetails` (microsoft-graph-devx-content,
    /// issue 133), and its permissions are looked up by paths in any letter case (microsoft-graph-devx-api, pull request 1976).
    @Test("paths are accepted in any letter case, and answered in the documented one")
    func anyCase() async throws {
        try await TenantInProcess.with { tenant in
            let client = tenant.client
            let ada = try await client.make("/Users", GraphTests.user("ada"))
            let group = try await client.make("/GROUPS", GraphTests.group("G", ["uniqueName": "key"]))
            let link: JSONValue = ["@odata.id": .string("\(client.graph)/DirectoryObjects/\(ada.uppercased())")]
            #expect(try await client.send("POST", "/groups/\(group.uppercased())/Members/$Ref", link).status == 204)
            let eventual = [("ConsistencyLevel", "eventual")]
            #expect(try await client.send("GET", "/Groups/\(group)/MEMBERS/$COUNT", headers: eventual).body == 1)
            let cast = "/groups/\(group)/members/Microsoft.Graph.USER?$count=true"
            let members = try await client.send("GET", cast, headers: eventual)
            #expect(members.body["value"]?.array?.first?["id"]?.string == ada)
            #expect(members.body["@odata.context"]?.string == "\(client.graph)/$metadata#users")
            #expect(try await client.send("GET", "/groups(UNIQUENAME='KEY')").body["id"]?.string == group)
            #expect(try await client.all("/users/ADA@company.com/memberof").count == 1)
            #expect(try await client.all("/users/microsoft.graph.Delta()").count == 1)
            let organization = tenant.endpoints["tenant_id"]?.string ?? ""
            #expect(try await client.send("GET", "/Organization/\(organization.uppercased())").status == 200)

            #expect(try await client.send("DELETE", "/USERS/\(ada.uppercased())").status == 204)
            for address in ["deleteditems/\(ada)", "DeletedItems/\(ada.uppercased())/graph.User"] {
                #expect(try await client.send("GET", "/Directory/\(address)").body["id"]?.string == ada)
            }
            #expect(try await client.all("/directory/deleteditems/Graph.user").count == 1)
            let whole = "\(client.graph.replacing("/v1.0", with: "/V1.0"))/Users/$Count"
            let call: JSONValue = [
                "id": "1", "method": "GET", "url": .string(whole), "headers": ["ConsistencyLevel": "eventual"],
            ]
            let batch = try await client.version("V1.0").send("POST", "/$Batch", ["requests": [call]])
            #expect(batch.body["responses"]?.array?.first?["body"] == "0")
            // An unknown name is unknown in every letter case.
            #expect(try await client.send("GET", "/Persons").status == 400)
            let operations = try await client.counters()["operations"]
            #expect(operations?["POST /groups/{id}/members/$ref 204"] == 1)
            #expect(operations?["DELETE /users/{id} 204"] == 1)
        }
    }

    @Test("/me is refused to an application, with Graph's message")
    func me() async throws {
        try await TenantInProcess.with { tenant in
            for path in ["/me", "/me/memberOf", "/me?$select=id"] {
                let answer = try await tenant.client.send("GET", path)
                #expect(answer.status == 400 && answer.body["error"]?["code"] == "BadRequest")
                let words = "/me request is only valid with delegated authentication flow."
                #expect(answer.body["error"]?["message"]?.string == words)
            }
        }
    }

    /// Graph, "Get profilePhoto": 404 if there is no photo, while its metadata are those of a single pixel; the text of the
    /// refusal is recorded (ms-identity-dotnetcore-b2c-account-management, issue 23).
    @Test("no user or group has a photo")
    func photos() async throws {
        try await TenantInProcess.with(permissions: ["Group.Read.All"]) { tenant in
            let user = try await tenant.client.make("/users", GraphTests.user("ada"))
            let group = try await tenant.client.make("/groups", GraphTests.group("G"))
            for path in ["/users/\(user)", "/users/ada@company.com", "/groups/\(group)"] {
                let photo = try await tenant.client.send("GET", "\(path)/photo/$value")
                #expect(photo.status == 404 && photo.body["error"]?["code"] == "ImageNotFound")
                let metadata = try await tenant.client.send("GET", "\(path)/photo")
                #expect(metadata.status == 200 && metadata.body["id"] == "1x1" && metadata.body["width"] == 1)
                #expect(try await tenant.client.send("POST", "\(path)/photo/$value", ["x": 1]).status == 405)
            }
            #expect(try await tenant.client.send("GET", "/users/nobody@company.com/photo/$value").status == 404)
        }
    }

    /// Graph, "Update profilePhoto": PUT or PATCH of the image itself, for people with a mailbox; microsoft-graph-docs, issue 8236: 404
    /// for a user without one; the text is recorded (msgraph-sdk-dotnet, issue 424; msgraph-sdk-php, issue 84).
    @Test("the upload of a photo is refused as for a user without a mailbox", arguments: ["PUT", "PATCH"])
    func photoUpload(_ method: String) async throws {
        try await TenantInProcess.with { settings in
            var reader = AppRegistration.standard
            reader.clientID = "bbbbbbbb-bbbb-4ccc-8ddd-000000000000"
            reader.permissions = [
                "User.Read.All", "Group.Read.All", "ProfilePhoto.Read.All", "Directory.ReadWrite.All",
            ]
            settings.applications.append(reader)
        } _: { tenant in
            let user = try await tenant.client.make("/users", GraphTests.user("ada"))
            let group = try await tenant.client.make("/groups", GraphTests.group("G"))
            let endpoints = (tenant.endpoints.object ?? [:]).merging([
                "client_id": "bbbbbbbb-bbbb-4ccc-8ddd-000000000000"
            ]) { $1 }
            let reader = try await TenantClient(.object(endpoints))
            let image: [UInt8] = [0xFF, 0xD8, 0xFF, 0xD9]
            for path in ["/users/\(user)", "/users/ada@company.com", "/groups/\(group)"] {
                let answer = try await tenant.client.send(method, "\(path)/photo/$value", media: ("image/jpeg", image))
                #expect(answer.status == 404 && answer.body["error"]?["code"] == "ErrorItemNotFound", "\(answer.body)")
                #expect(answer.body["error"]?["message"] == "The specified object was not found in the store.")
                #expect(try await tenant.client.send("GET", "\(path)/photo/$value").status == 404)
                let refused = try await reader.send(method, "\(path)/photo/$value", media: ("image/jpeg", image))
                #expect(refused.status == 403)
            }
            let nobody = "/users/nobody@company.com/photo/$value"
            let answer = try await tenant.client.send(method, nobody, media: ("image/jpeg", image))
            #expect(answer.status == 404 && answer.body["error"]?["code"] == "Request_ResourceNotFound")
        }
    }

    /// Graph, "revokeSignInSessions".
    @Test("revoking sign-in sessions sets the time from which they are valid")
    func revoked() async throws {
        try await TenantInProcess.with { tenant in
            let id = try await tenant.client.make("/users", GraphTests.user("ada"))
            tenant.advance(by: 60)
            let answer = try await tenant.client.send("POST", "/users/\(id)/revokeSignInSessions")
            #expect(answer.status == 200 && answer.body["value"] == true)
            let path = "/users/\(id)?$select=signInSessionsValidFromDateTime,createdDateTime"
            let user = try await tenant.client.send("GET", path).body
            let moments = ["createdDateTime", "signInSessionsValidFromDateTime"].map { user[$0]?.string ?? "" }
            #expect(moments[0] < moments[1] && moments[1].hasSuffix("Z"))
        }
    }

    // MARK: Functions

    /// A user in a team and in an inner group, which is only in an outer one.
    private static func with(_ body: @escaping @Sendable (TenantClient, [String: String]) async throws -> Void)
        async throws
    {
        try await TenantInProcess.with(permissions: ["Directory.Read.All"]) { tenant in
            let user = try await tenant.client.make("/users", GraphTests.user("ada"))
            var ids = ["USER": user]
            func group(_ name: String, _ member: String?, _ further: [String: JSONValue] = [:]) async throws {
                let links = member.map { ["members@odata.bind": MemberTests.links([$0])] } ?? [:]
                let group = GraphTests.group(name, links.merging(further) { $1 })
                ids[name] = try await tenant.client.make("/groups", group)
            }
            try await group("INNER", user)
            try await group("OUTER", ids["INNER"])
            try await group("OTHER", nil)
            let team: [String: JSONValue] = [
                "groupTypes": ["Unified"], "mailEnabled": true, "securityEnabled": false, "mailNickname": "team",
            ]
            try await group("TEAM", user, team)
            try await body(tenant.client, ids)
        }
    }

    /// Graph, "getMemberGroups", "getMemberObjects", "checkMemberGroups", "checkMemberObjects".
    @Test("the groups of an object are listed and checked, nested groups too")
    func memberFunctions() async throws {
        try await Self.with { client, ids in
            func found(_ path: String, _ body: JSONValue) async throws -> Set<String> {
                let answer = try await client.send("POST", path, body)
                #expect(answer.status == 200, "\(answer.body)")
                let names = Dictionary(ids.map { ($1, $0) }, uniquingKeysWith: { $1 })
                return Set((answer.body["value"]?.array ?? []).compactMap { $0.string.flatMap { names[$0] } })
            }
            let user = ids["USER"] ?? ""
            let all: JSONValue = .array(["INNER", "OUTER", "OTHER", "TEAM"].map { JSONValue(ids[$0]?.uppercased()) })
            for path in ["/users/\(user)", "/users/ada@company.com", "/directoryObjects/\(user)"] {
                for name in ["Groups", "Objects"] {
                    let secure = try await found("\(path)/getMember\(name)", ["securityEnabledOnly": true])
                    #expect(secure == ["INNER", "OUTER"])
                    let every = try await found("\(path)/getMember\(name)", ["securityEnabledOnly": false])
                    #expect(every == ["INNER", "OUTER", "TEAM"])
                }
                #expect(try await found("\(path)/checkMemberGroups", ["groupIds": all]) == ["INNER", "OUTER", "TEAM"])
                #expect(try await found("\(path)/checkMemberObjects", ["ids": all]) == ["INNER", "OUTER", "TEAM"])
            }
            let inner = "/groups/\(ids["INNER"] ?? "")"
            #expect(try await found("\(inner)/checkMemberGroups", ["groupIds": all]) == ["OUTER"])
            let principal = try await client.all("/servicePrincipals").first?["id"]?.string ?? ""
            #expect(try await found("/servicePrincipals/\(principal)/getMemberGroups", [:]).isEmpty)
        }
    }

    @Test("a check of groups takes at most twenty ids, in its own parameter")
    func checkLimits() async throws {
        try await Self.with { client, ids in
            let path = "/users/\(ids["USER"] ?? "")"
            let many = JSONValue.array(Array(repeating: "x", count: 21))
            for (action, body) in [
                ("checkMemberGroups", ["groupIds": many]), ("checkMemberObjects", ["ids": many]),
                ("checkMemberGroups", ["ids": ["x"]]), ("checkMemberObjects", ["groupIds": ["x"]]),
                ("checkMemberGroups", [:]), ("checkMemberGroups", ["groupIds": [1]]),
                ("getMemberGroups", ["securityEnabledOnly": "yes"]),
            ] as [(String, JSONValue)] {
                let answer = try await client.send("POST", "\(path)/\(action)", body)
                #expect(answer.status == 400, "\(action) \(body)")
            }
            #expect(try await client.send("GET", "\(path)/getMemberGroups").status == 405)
        }
    }

    /// Graph, "getByIds".
    @Test("objects are found by up to a thousand ids, limited to the named types")
    func byIDs() async throws {
        try await Self.with { client, ids in
            let asked = JSONValue.array([JSONValue(ids["USER"]), JSONValue(ids["INNER"]), "nobody"])
            for path in ["/directoryObjects/getByIds", "/users/getByIds", "/groups/microsoft.graph.getByIds"] {
                for (types, count) in [
                    (nil, 2), (["User"], 1), (["group"], 1), (["device"], 0), (["directoryObject"], 2), ([], 2),
                ] as [(JSONValue?, Int)] {
                    var body: [String: JSONValue] = ["ids": asked]
                    body["types"] = types
                    let answer = try await client.send("POST", path, .object(body))
                    #expect(answer.body["value"]?.array?.count == count, "\(path) \(body)")
                }
            }
            for count in [0, 1001] {
                let body: JSONValue = ["ids": .array(Array(repeating: "x", count: count))]
                #expect(try await client.send("POST", "/directoryObjects/getByIds", body).status == 400)
            }
        }
    }
}
