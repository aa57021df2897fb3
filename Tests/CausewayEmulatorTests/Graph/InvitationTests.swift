import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("The emulated tenant: invitations")
struct InvitationTests {
    private static func invitation(_ address: String, _ further: [String: JSONValue] = [:]) -> JSONValue {
        let required: [String: JSONValue] = [
            "invitedUserEmailAddress": .string(address), "inviteRedirectUrl": "https://portal.example",
        ]
        return .object(required.merging(further) { $1 })
    }

    @Test("a guest is invited once; a tenant that allows no guests refuses")
    func guests() async throws {
        try await TenantInProcess.with { tenant in
            let body = Self.invitation("bob@partner.example", ["invitedUserDisplayName": "Bob"])
            let first = try await tenant.client.send("POST", "/invitations", body)
            #expect(first.status == 201)
            #expect(first.body["status"] == "PendingAcceptance")
            let id = try #require(first.body["invitedUser"]?["id"]?.string)
            let path = "/users/\(id)?$select=displayName,userPrincipalName,userType,creationType,externalUserState"
            let guest = try await tenant.client.send("GET", path)
            #expect(guest.body["displayName"] == "Bob")
            #expect(guest.body["userPrincipalName"] == "bob_partner.example#EXT#@emulated.onmicrosoft.com")
            #expect(guest.body["userType"] == "Guest")
            #expect(guest.body["externalUserState"] == "PendingAcceptance")
            let again = try await tenant.client.send("POST", "/invitations", body)
            #expect(again.body["invitedUser"]?["id"]?.string == id)
            _ = try await tenant.client.control("PATCH", "settings", ["invitations": false])
            #expect(try await tenant.client.send("POST", "/invitations", body).status == 403)
        }
    }

    @Test(
        "the properties of an invitation are checked",
        arguments: [
            ("a+b@x.example", [:], "invitedUserEmailAddress"),
            ("a@x.example", ["invitedUserDisplayName": ""], "invitedUserDisplayName"),
            ("a@x.example", ["invitedUserDisplayName": 5], "invitedUserDisplayName"),
            ("a@x.example", ["invitedUserType": "Robot"], "invitedUserType"),
            ("a@x.example", ["resetRedemption": true], "invitedUser"),
            ("a@x.example", ["status": "Completed"], "status"),
        ] as [(String, [String: JSONValue], String)]
    )
    func refusals(_ address: String, _ further: [String: JSONValue], _ target: String) async throws {
        try await TenantInProcess.with { tenant in
            let answer = try await tenant.client.send("POST", "/invitations", Self.invitation(address, further))
            #expect(answer.status == 400)
            #expect(answer.body["error"]?["details"]?.array?.first?["target"]?.string == target)
        }
    }

    @Test("a group's address cannot be invited")
    func group() async throws {
        try await TenantInProcess.with { tenant in
            let kind: [String: JSONValue] = ["groupTypes": ["Unified"], "mailEnabled": true, "mailNickname": "team"]
            _ = try await tenant.client.make("/groups", GraphTests.group("Team", kind))
            let answer = try await tenant.client.send("POST", "/invitations", Self.invitation("team@company.com"))
            #expect(answer.body["error"]?["details"]?.array?.first?["code"] == "ObjectConflict")
        }
    }

    @Test(
        "an application that may only invite can invite guests, not members",
        arguments: [("User.Invite.All", 403), ("User.ReadWrite.All", 201)]
    )
    func members(_ permission: String, _ status: Int) async throws {
        try await TenantInProcess.with {
            $0.applications[0].permissions = [permission]
        } _: { tenant in
            let member = Self.invitation("a@x.example", ["invitedUserType": "Member"])
            let answer = try await tenant.client.send("POST", "/invitations", member)
            #expect(answer.status == status)
            let guest = try await tenant.client.send("POST", "/invitations", Self.invitation("b@x.example"))
            #expect(guest.status == 201)
        }
    }

    @Test("a redemption is reset for the named account and address")
    func reset() async throws {
        try await TenantInProcess.with { tenant in
            let first = try await tenant.client.send("POST", "/invitations", Self.invitation("bob@partner.example"))
            let id = first.body["invitedUser"]?["id"] ?? .null
            let further: [String: JSONValue] = ["resetRedemption": true, "invitedUser": ["id": id]]
            let body = Self.invitation("robert@partner.example", further)
            let again = try await tenant.client.send("POST", "/invitations", body)
            #expect(again.status == 201)
            #expect(again.body["invitedUser"]?["id"] == id)
            let guest = try await tenant.client.send("GET", "/users/\(id.string ?? "")")
            #expect(guest.body["mail"] == "robert@partner.example")
            let member = try await tenant.client.make("/users", GraphTests.user("ada"))
            let wrong = Self.invitation(
                "x@partner.example",
                ["resetRedemption": true, "invitedUser": ["id": .string(member)]]
            )
            #expect(try await tenant.client.send("POST", "/invitations", wrong).status == 400)
        }
    }
}
