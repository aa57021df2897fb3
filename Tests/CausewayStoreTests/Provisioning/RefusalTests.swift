import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Stored refusals")
struct RefusalTests {
    private static func refusal(_ part: Refusal.Part, _ fingerprint: String = "f") -> Refusal {
        Refusal(
            part: part,
            fingerprint: fingerprint,
            outcome: Outcome(
                .failed,
                message: "m",
                remedy: "r",
                attribute: "department",
                rule: FailureRule("id", title: "title")
            ),
            since: Timestamp(milliseconds: 5)
        )
    }

    /// How many parts of how many objects are refused.
    private static func counts(of provider: ProviderID, in transaction: Transaction) throws -> [Int] {
        let refusals = try transaction.refusals(of: provider, limit: 10)
        return [refusals.count, Set(refusals.map { $0.object }).count]
    }

    @Test(
        "a refusal is found by its object, replaced in parts, and removed with its link, object or circumstances"
    )
    func life() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                let provider = try transaction.makeProvider().id
                let users = try ["ada", "bob"].map { try transaction.createUser(UserProfile(username: $0)) }
                let ids = [EntraObjectID("one"), EntraObjectID("two")]
                for (user, id) in zip(users, ids) { try transaction.link(ObjectReference(user.id), to: id, provider) }
                let department = Self.refusal(.attribute("department"))
                #expect(try !transaction.hasRefusals(of: provider))
                try transaction.remember(department, of: ids[0], provider: provider)
                try transaction.remember(Self.refusal(.member(EntraObjectID("m"))), of: ids[0], provider: provider)
                try transaction.remember(Self.refusal(.attribute("mail")), of: ids[1], provider: provider)
                // It is not linked.
                try transaction.remember(department, of: EntraObjectID("three"), provider: provider)
                #expect(try transaction.hasRefusals(of: provider))
                #expect(try Self.counts(of: provider, in: transaction) == [3, 2])
                #expect(try transaction.refusals(of: ids[0], provider: provider).first == department)
                try transaction.remember(
                    Self.refusal(.attribute("department"), "g"),
                    of: ids[0],
                    provider: provider
                )
                let replaced = try transaction.refusals(of: ids[0], provider: provider)
                #expect(replaced.map(\.fingerprint) == ["g", "f"])
                let all = try transaction.refusals(of: provider, limit: 10)
                #expect(all.map(\.name) == ["ada", "ada", "bob"])
                #expect(all.map(\.object) == [users[0], users[0], users[1]].map { ObjectReference($0.id) })
                try transaction.forgetRefusal(.attribute("department"), of: ids[0], provider: provider)
                #expect(
                    try transaction.refusals(of: ids[0], provider: provider).map(\.outcome.attribute) == ["members"]
                )
                try transaction.keepRefusals(under: "first", provider: provider)
                #expect(try Self.counts(of: provider, in: transaction) == [0, 0])
                try transaction.remember(department, of: ids[0], provider: provider)
                try transaction.remember(department, of: ids[1], provider: provider)
                try transaction.keepRefusals(under: "first", provider: provider)
                #expect(try Self.counts(of: provider, in: transaction) == [2, 2])
                try transaction.forgetRefusals(of: [ObjectReference(users[0].id)], provider: provider)
                #expect(try Self.counts(of: provider, in: transaction) == [1, 1])
                try transaction.deleteLink(to: ids[1], provider: provider)
                #expect(try Self.counts(of: provider, in: transaction) == [0, 0])
            }
        }
    }
}
