import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Causes of failures")
struct FailureCauseTests {
    private let mapping = """
        if user.username.startswith("broken"):
            raise ValueError("no such person")
        if user.username == "typo":
            return {"displayname": "x"}
        return {
            "display_name": user.name, "account_enabled": True, "mail_nickname": user.username,
            "user_principal_name": user.email, "on_premises_immutable_id": user.uid,
            "password_profile": {"password": "Long-Enough-1"},
        }
        """

    private func causes(_ fixture: EngineFixture) async throws -> [FailureCause] {
        try await fixture.store.read { [provider = fixture.provider] in
            try $0.failureCauses(of: provider, ListSlice(offset: 0, limit: 10), examples: 2).rows
        }
    }

    @Test("failures are grouped by cause, with the objects that still fail")
    func causes() async throws {
        try await EngineFixture.with(userMapping: mapping) { fixture in
            for number in 0..<8 { try await fixture.addUser("good\(number)") }
            for name in ["broken1", "broken2", "broken3"] { try await fixture.addUser(name) }
            let typo = try await fixture.addUser("typo")
            _ = try await fixture.sync()
            let found = try await causes(fixture)
            #expect(found.map(\.count) == [3, 1])
            #expect(found.first?.message.contains("ValueError: no such person") == true)
            #expect(found.first?.examples.map(\.name) == ["broken1", "broken2"])
            #expect(found.last?.remedy == "Did you mean 'display_name'?")
            #expect(found.last?.examples.first?.object == ObjectReference(typo.id))
            try await fixture.store.write { transaction in
                var profile = typo.profile
                profile.username = "right"
                _ = try transaction.updateUser(typo.id, to: profile)
            }
            _ = try await fixture.sync()
            #expect(try await causes(fixture).map(\.count) == [3])
        }
    }

    /// For each rule, as many different values that break it as there are people; all of them are one cause.
    private static let brokenRules: [(attribute: String, code: String, rule: String, words: String)] = [
        (
            "mailNickname", #"user.username + "@" + user.username"#, "character:@",
            "mailNickname contains '@', which Entra ID does not allow."
        ),
        (
            "mailNickname", #"user.username + " x""#, "character: ",
            "mailNickname contains a space, which Entra ID does not allow."
        ),
        (
            "mailNickname", #"chr(0x4e00 + int(user.username[1:])) + "x""#, "character:beyond-ascii",
            "mailNickname contains letters beyond the English alphabet, which Entra ID does not allow."
        ),
        (
            "userPrincipalName", #"user.username + "@" + user.username + ".elsewhere.test""#, "unverified-domain",
            "userPrincipalName ends in a domain that the tenant has not verified."
        ),
        ("userPrincipalName", "user.username", "form", "userPrincipalName is not a user principal name."),
        (
            "jobTitle", #""x" * (200 + int(user.username[1:]))"#, "length",
            "jobTitle is too long; Entra ID takes 128 characters."
        ),
        (
            "businessPhones", "[int(user.username[1:])]", "type:a number",
            "businessPhones is a number; Entra ID takes a string."
        ),
        (
            "mail", "user.username", "form",
            "mail is not an address that Entra ID takes: one '@', no spaces, no accents."
        ),
        ("usageLocation", #""in " + user.username"#, "country", "usageLocation is not a country."),
        (
            "manager", #""nobody " + user.username"#, "unknown-manager",
            "manager matches no user of the directory, or several; managers stay as they are."
        ),
    ]

    @Test("a cause consists of attribute and rule, without the value", arguments: brokenRules)
    func byRule(_ attribute: String, _ code: String, _ rule: String, _ words: String) async throws {
        let own = """
            result = {
                "displayName": user.name, "accountEnabled": True, "mailNickname": user.username,
                "userPrincipalName": user.email, "onPremisesImmutableId": user.uid,
                "passwordProfile": {"password": "Long-Enough-1"},
            }
            result["\(attribute)"] = \(code)
            return result
            """
        try await EngineFixture.with(userMapping: own) { fixture in
            for number in 10..<16 { try await fixture.addUser("u\(number)") }
            _ = try await fixture.sync()
            let found = try await causes(fixture)
            #expect(found.map(\.key) == [FailureCause.Key(kind: .user, attribute: attribute, rule: rule)])
            #expect(found.first?.count == 6)
            #expect(found.first?.message == words)
            let examples = found.first?.examples ?? []
            #expect(examples.map(\.name) == ["u10", "u11"])
            #expect(examples.allSatisfy { $0.message.hasPrefix(attribute + " ") }, "\(examples)")
        }
    }
}
