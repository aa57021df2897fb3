import CausewayGraphTypes
import CausewayJSON
import CausewayModel
import Testing

@testable import CausewayProvisioning

@Suite("Which attributes differ")
struct AttributeDifferenceTests {
    private static func difference() throws -> AttributeDifference {
        AttributeDifference(kind: .user, types: try .load())
    }

    @Test("only attributes that differ are planned, with both values")
    func differences() throws {
        let known: [String: JSONValue] = [
            "displayName": "Ada", "city": "Oslo", "jobTitle": "Clerk", "userPrincipalName": "Ada@company.com",
            "userType": "Member", "otherMails": ["a@x.test", "b@x.test"],
        ]
        let desired: [String: JSONValue] = [
            "displayName": "Ada", "city": "Bergen", "jobTitle": .null, "userPrincipalName": "ada@company.com",
            "userType": "member", "otherMails": ["b@x.test", "a@x.test"], "companyName": .null,
            "passwordProfile": ["password": "********"],
        ]
        #expect(
            try Self.difference().changes(from: known, to: desired) == [
                AttributeChange(attribute: "city", old: "Oslo", new: "Bergen"),
                AttributeChange(attribute: "jobTitle", old: "Clerk", new: .null),
            ]
        )
    }

    @Test("existing identities are left alone; new ones keep the identity that mirrors the principal name")
    func identities() throws {
        let mirror: JSONValue = ["signInType": "userPrincipalName", "issuer": "x.test", "issuerAssignedId": "a@x.test"]
        let mail: JSONValue = ["signInType": "federated", "issuer": "mail", "issuerAssignedId": "a@p.test"]
        let other: JSONValue = ["signInType": "federated", "issuer": "mail", "issuerAssignedId": "b@p.test"]
        let known: [String: JSONValue] = ["identities": [mirror, mail]]
        #expect(try Self.difference().changes(from: known, to: ["identities": [mail]]).isEmpty)
        let change = try Self.difference().changes(from: known, to: ["identities": [other]]).first
        #expect(change?.new == [mirror, other])
    }
}
