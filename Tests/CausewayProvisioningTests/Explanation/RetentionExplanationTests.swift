import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Explanations after old records were deleted")
struct RetentionExplanationTests {
    private static let strict = Retention(
        runAge: Retention.day * 30,
        actions: 10,
        eventAge: Retention.day * 30,
        events: 5
    )

    /// A year of a small company: changes, failures, blocked and deleted users, plans, and a run that waits.
    private static func live(_ fixture: EngineFixture) async throws {
        try await fixture.fill(users: 6, groups: 2)
        _ = try await fixture.sync()
        for month in 0..<6 {
            fixture.later(Double(15 * 86_400))
            let user = try await fixture.user("u\(month % 6)")
            try await fixture.change(user) { $0.name = "Person \(month)" }
            _ = try await fixture.sync(.planOnly)
            _ = try await fixture.sync(trigger: .schedule)
            if month == 2 { try await fixture.setActive(false, ["u5"]) }
            if month == 4 { try await fixture.change(try await fixture.user("u3")) { $0.email = "u3@elsewhere.test" } }
        }
        fixture.later(Double(40 * 86_400))
        try await fixture.set { $0.guardMaxCount = 0 }
        try await fixture.deleteUsers(["u4"])
        _ = try await fixture.sync(trigger: .schedule)
        fixture.later(Double(40 * 86_400))
    }

    /// The explanation of every object, without the past that is not its present reason.
    private static func explanations(_ fixture: EngineFixture) async throws -> [ObjectReference: JSONValue] {
        let provider = fixture.provider
        let objects = try await fixture.store.read { transaction in
            try transaction.users(after: nil, limit: 100).map { ObjectReference($0.id) }
                + ["Group 0", "Group 1"].compactMap { try transaction.group(named: $0).map { ObjectReference($0.id) } }
        }
        var found: [ObjectReference: JSONValue] = [:]
        for object in objects {
            var json = try await fixture.explain(object).json.object ?? [:]
            let last = try await fixture.store.read { try $0.history(of: object, provider: provider, limit: 1) }
            json["history"] = .string("\(last)")
            found[object] = .object(json)
        }
        return found
    }

    @Test("every object is explained as before, and the run that waits can be approved")
    func same() async throws {
        try await EngineFixture.with { fixture in
            try await Self.live(fixture)
            let before = try await Self.explanations(fixture)
            let counts = try await Trimmer(store: fixture.store, retention: Self.strict, rest: {}).run()
            #expect(counts.actions > 0 && counts.runs > 0 && counts.events > 0)
            let after = try await Self.explanations(fixture)
            #expect(before.count == 7 && after == before)
            let waiting = try await fixture.store.read { [provider = fixture.provider] in
                try $0.runs(of: provider, limit: 100).filter { $0.status == .awaitingApproval }
            }
            #expect(waiting.count == 1)
            // It has waited longer than approvals are valid; a new run waits instead.
            let again = try await fixture.sync(trigger: .schedule)
            #expect(again.run.status == .awaitingApproval)
            _ = try await Approvals(store: fixture.store).approve(again.run.id, by: .person("grace"))
            let done = try await fixture.sync(trigger: .approval)
            #expect(done.count(.delete) == 1)
            #expect(try await fixture.client.counters()["duplicated_creates"] == 0)
        }
    }
}
