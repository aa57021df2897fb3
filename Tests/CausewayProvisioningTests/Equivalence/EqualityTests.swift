import CausewayGraphTypes
import CausewayJSON
import CausewayModel
import Testing

@testable import CausewayProvisioning

@Suite("Comparison of values by meaning")
struct EqualityTests {
    private static let leave = "employeeLeaveDateTime"
    private static let extensionName = "extension_0123456789abcdef0123456789abcdef_x"

    @Test(
        "values with the same meaning match",
        arguments: [
            (leave, "2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00"),
            (leave, "2024-01-01T00:00:00Z", "2024-01-01T00:00:00.0000000Z"),
            (leave, "2024-01-01T00:00:00Z", "2023-12-31T14:30:00-09:30"),
            (leave, "2024-01-01T00:00:00Z", "2024-01-01T00:00Z"),
            (leave, "2024-01-01", "2024-01-01T00:00:00Z"),
            (leave, "2024-02-29T23:59:59.5Z", "2024-03-01T00:59:59.500+01:00"),
            ("usageLocation", "gb", "GB"), ("userPrincipalName", "Ada@Company.com", "ada@company.com"),
            ("mail", "Ada@Company.com", "ada@company.com"), ("userType", "member", "Member"),
            ("ageGroup", "adult", "Adult"), ("preferredLanguage", "en-gb", "en-GB"),
            ("accountEnabled", 1, true), ("accountEnabled", 0.0, false), (extensionName, 1, 1.0),
            (extensionName, "2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00"),
            ("otherMails", ["a", "b"], ["b", "a"]), ("otherMails", [], .null), ("otherMails", .null, []),
            ("employeeOrgData", ["costCenter": "1"], ["costCenter": "1", "division": "x"]),
            ("employeeOrgData", ["costCenter": .null], .null),
            ("employeeOrgData", ["costCenter": .null], ["costCenter": .null, "division": "x"]),
            ("displayName", "E\u{301}ric", "\u{c9}ric"), ("jobTitle", .null, .null),
        ] as [(String, JSONValue, JSONValue)]
    )
    func same(_ attribute: String, _ wanted: JSONValue, _ present: JSONValue) throws {
        let equality = ValueEquality(kind: .user, types: try .load())
        #expect(equality.isSame(wanted, present, of: attribute))
        let differences = AttributeDifference(kind: .user, types: try .load())
        #expect(differences.changes(from: [attribute: present], to: [attribute: wanted]).isEmpty)
    }

    @Test(
        "values with different meanings do not match",
        arguments: [
            (leave, "2024-01-01T00:00:00Z", "2024-01-01T00:00:01Z"),
            (leave, "2024-01-01T00:00:00Z", "2024-01-01T00:00:00+01:00"),
            (leave, "2024-01-01T00:00:00Z", "2024-01-01T00:00:00.001Z"), (leave, "2024-01-01T00:00:00Z", "never"),
            ("usageLocation", "GB", "DE"), ("displayName", "ada", "Ada"), ("mailNickname", "ada", "Ada"),
            ("onPremisesImmutableId", "aGk=", "agk="), ("employeeId", "1", "01"), (extensionName, 1, 2),
            (extensionName, "2024-01-01", "2024-01-01T00:00:00Z"), (extensionName, "1", 1),
            ("accountEnabled", true, false), ("accountEnabled", 2, true),
            ("otherMails", ["a", "a"], ["a", "b"]), ("otherMails", ["a"], ["a", "b"]),
            ("employeeOrgData", ["costCenter": "1"], ["costCenter": "2", "division": "x"]),
            ("employeeOrgData", ["costCenter": "1"], .null), ("jobTitle", "x", .null), ("jobTitle", .null, "x"),
        ] as [(String, JSONValue, JSONValue)]
    )
    func different(_ attribute: String, _ wanted: JSONValue, _ present: JSONValue) throws {
        let equality = ValueEquality(kind: .user, types: try .load())
        #expect(!equality.isSame(wanted, present, of: attribute))
    }

    @Test("unmapped members of a complex property are sent too, unless Graph keeps them anyway")
    func complex() throws {
        let difference = AttributeDifference(kind: .user, types: try .load())
        let known: [String: JSONValue] = [
            "employeeOrgData": ["costCenter": "100", "division": "Retail"],
            "onPremisesExtensionAttributes": ["extensionAttribute1": "a", "extensionAttribute2": "b"],
        ]
        let changes = difference.changes(
            from: known,
            to: [
                "employeeOrgData": ["costCenter": "200"],
                "onPremisesExtensionAttributes": ["extensionAttribute1": "c"],
            ]
        )
        #expect(
            changes.map(\.new) == [
                ["costCenter": "200", "division": "Retail"], ["extensionAttribute1": "c"],
            ]
        )
        let cleared = difference.changes(from: known, to: ["employeeOrgData": ["costCenter": .null]])
        #expect(cleared.map(\.new) == [["costCenter": .null, "division": "Retail"]])
    }

    @Test("the docs have a reason for every property that is compared without letter case")
    func caseless() throws {
        let types = try GraphTypes.load()
        let users = types.user.properties.values.filter(\.isCaseless).map(\.name)
        #expect(
            Set(users) == [
                "userPrincipalName", "mail", "userType", "usageLocation", "ageGroup", "consentProvidedForMinor",
                "preferredLanguage",
            ]
        )
        #expect(
            Set(types.group.properties.values.filter(\.isCaseless).map(\.name)) == [
                "mail", "visibility", "preferredLanguage",
            ]
        )
    }
}
