import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Why objects fail")
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

    private func causes(_ bench: EngineBench) async throws -> [FailureCause] {
        try await bench.store.read { [provider = bench.provider] in try $0.failureCauses(of: provider, limit: 2) }
    }

    @Test("is told by cause, with who fails, until they do no more")
    func causes() async throws {
        try await EngineBench.with(userMapping: mapping) { bench in
            for number in 0..<8 { try await bench.addUser("good\(number)") }
            for name in ["broken1", "broken2", "broken3"] { try await bench.addUser(name) }
            let typo = try await bench.addUser("typo")
            _ = try await bench.sync()
            let found = try await causes(bench)
            #expect(found.map(\.count) == [3, 1])
            #expect(found.first?.message.contains("ValueError: no such person") == true)
            #expect(found.first?.examples.map(\.name) == ["broken1", "broken2"])
            #expect(found.last?.remedy == "Did you mean 'display_name'?")
            #expect(found.last?.examples.first?.object == ObjectReference(typo.id))
            try await bench.store.write { transaction in
                var profile = typo.profile
                profile.username = "right"
                _ = try transaction.updateUser(typo.id, to: profile)
            }
            _ = try await bench.sync()
            #expect(try await causes(bench).map(\.count) == [3])
        }
    }
}
