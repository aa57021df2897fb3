import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Foundation
import Testing

@Suite("A day without anybody's intervention", .timeLimit(.minutes(20)))
struct DayTests {
    /// A minute before midnight: every standard schedule is then due six times, whatever its minute.
    private static let start = Date(timeIntervalSince1970: 1_772_409_600 - 60)
    private static let people = 60
    private static let everyone = "Everyone"

    @Test("a day ends with two tenants that hold what the directory says, whatever happened")
    func day() async throws {
        try await DayFixture.with(from: Self.start) { fixture in
            try await fill(fixture)
            for hour in 0..<24 {
                try await happen(hour, fixture)
                try await change(hour, fixture)
                try await fixture.pass(until: Double(hour) + 1)
            }
            for site in fixture.sites { try await check(site, fixture) }
            try await checkRuns(fixture)
        }
    }

    // MARK: The directory

    private func fill(_ fixture: DayFixture) async throws {
        try await fixture.store.write { transaction in
            let everyone = try transaction.createGroup(GroupProfile(name: Self.everyone))
            let teams = try (0..<4).map { try transaction.createGroup(GroupProfile(name: "Team \($0)")) }
            let all = try transaction.createGroup(GroupProfile(name: "Teams"))
            for team in teams { _ = try transaction.addParent(all.id, to: team.id) }
            for number in 0..<Self.people {
                let user = try transaction.createUser(Self.profile("p\(number)", isPartner: number % 6 == 0))
                _ = try transaction.addMember(user.id, to: everyone.id)
                _ = try transaction.addMember(user.id, to: teams[number % 4].id)
            }
        }
    }

    private static func profile(_ name: String, isPartner: Bool = false) -> UserProfile {
        let domain = isPartner ? "partner.test" : "company.com"
        return UserProfile(username: name, name: "Person \(name)", email: "\(name)@\(domain)")
    }

    /// Every hour a user joins, moves or is renamed; now and then one leaves or is away for a while.
    private func change(_ hour: Int, _ fixture: DayFixture) async throws {
        try await fixture.store.write { transaction in
            let joiner = try transaction.createUser(Self.profile("new\(hour)", isPartner: hour % 5 == 0))
            guard let old = try transaction.group(named: "Team \(hour % 4)"),
                let new = try transaction.group(named: "Team \((hour + 1) % 4)")
            else { return }
            _ = try transaction.addMember(joiner.id, to: new.id)
            if let mover = try transaction.members(of: old.id).first {
                _ = try transaction.removeMember(mover, from: old.id)
                _ = try transaction.addMember(mover, to: new.id)
            }
            if let user = try transaction.user(named: "p\(hour + 1)") {
                var profile = user.profile
                profile.name += " since \(hour)"
                profile.isActive = hour % 4 != 1
                _ = try transaction.updateUser(user.id, to: profile)
            }
            if hour % 3 == 0, let leaver = try transaction.user(named: "p\(hour + 30)") {
                try transaction.deleteUser(leaver.id)
            }
            if hour == 12 { _ = try transaction.createGroup(GroupProfile(name: "Team 12")) }
            if hour == 20, let group = try transaction.group(named: "Team 12") { try transaction.deleteGroup(group.id) }
        }
    }

    // MARK: What happens

    private func happen(_ hour: Int, _ fixture: DayFixture) async throws {
        let (one, other) = (fixture.sites[0], fixture.sites[1])
        switch hour {
        case 8: try await other.control("PUT", "faults", [["kind": "dropped"]])
        case 10:
            try await checkOutage(fixture)
            try await other.control("PUT", "faults", [])
        case 11: #expect(try await differences(other, fixture) == [])
        case 12: try await one.control("POST", "reset-delta")
        case 13: try await one.control("PUT", "faults", Self.badHour)
        case 14: try await one.control("PUT", "faults", [])
        case 15: for site in fixture.sites { try await drift(site) }
        case 17: try await clearGroup(fixture)
        case 18: for site in fixture.sites { try await checkHeldBack(site, fixture) }
        case 19:
            for site in fixture.sites { try await approve(site, fixture) }
            // A change of the directory before that would need another approval.
            try await fixture.pass(until: Double(hour))
        default: break
        }
    }

    /// A person approves what the guard holds back; the scheduler applies it.
    private func approve(_ site: DayFixture.Site, _ fixture: DayFixture) async throws {
        let runs = try await fixture.store.read { try $0.runs(of: site.provider, limit: 100) }
        let held = try #require(runs.first { $0.status == .awaitingApproval })
        try await Approvals(store: fixture.store).approve(held.id, by: .person("grace"))
    }

    private static let badHour: JSONValue = .array(
        [
            "unavailable", "unavailable_after_commit", "gateway_timeout_after_commit", "dropped",
            "dropped_after_commit",
            "throttled_without_retry_after",
        ].map { ["kind": .string($0), "rate": 0.03] }
    )

    /// The unreachable tenant is in quarantine; the other one is as the directory says.
    private func checkOutage(_ fixture: DayFixture) async throws {
        let quarantine = try await fixture.store.read { transaction in
            try fixture.sites.map { try transaction.runState(of: $0.provider).quarantine }
        }
        #expect(quarantine[0] == nil && quarantine[1] != nil)
        #expect(try await differences(fixture.sites[0], fixture) == [])
    }

    /// A managed value is changed by hand.
    private func drift(_ site: DayFixture.Site) async throws {
        let client = try await site.client()
        let ids = Dictionary(
            try await client.accounts().map { ($0.address, $0.id) },
            uniquingKeysWith: { $1 }
        )
        func path(_ name: String) -> String { "/users/\(ids["\(name)@company.com"] ?? "")" }
        let renamed = try await client.send("PATCH", path("p55"), ["displayName": "By Hand", "jobTitle": "Guest"])
        let disabled = try await client.send("PATCH", path("p56"), ["accountEnabled": false])
        let deleted = try await client.send("DELETE", path("p57"))
        #expect([renamed, disabled, deleted].map(\.status) == [204, 204, 204])
        let groups = try await client.all("/groups?$select=id,displayName")
        let teams = groups.first { $0["displayName"] == "Teams" }?["id"]?.string ?? ""
        let stray: JSONValue = [
            "@odata.id": .string("\(client.graph)/directoryObjects/\(ids["p58@company.com"] ?? "")")
        ]
        let added = try await client.send("POST", "/groups/\(teams)/members/$ref", stray)
        #expect(added.status == 204)
    }

    // MARK: The guard

    /// More than the guard allows without approval.
    private func clearGroup(_ fixture: DayFixture) async throws {
        try await fixture.store.write { transaction in
            guard let group = try transaction.group(named: Self.everyone) else { return }
            _ = try transaction.removeAllMembers(from: group.id)
        }
    }

    private func checkHeldBack(_ site: DayFixture.Site, _ fixture: DayFixture) async throws {
        let runs = try await fixture.store.read { try $0.runs(of: site.provider, limit: 10) }
        #expect(runs.contains { $0.status == .awaitingApproval })
        let members = try await site.client().memberNames()
        #expect((members[Self.everyone]?.count ?? 0) > 40)
    }

    // MARK: The end

    private func differences(_ site: DayFixture.Site, _ fixture: DayFixture) async throws -> [String] {
        let expected = try await TenantContent(saidBy: fixture.store, for: site.provider)
        return try await TenantContent(of: try await site.client()).differences(from: expected)
    }

    private func check(_ site: DayFixture.Site, _ fixture: DayFixture) async throws {
        #expect(try await differences(site, fixture) == [])
        let counters = try await site.tenant.client.counters()
        #expect(counters["duplicated_creates"] == 0)
        // Tokens expired while they were in use, more than once.
        let refused = counters["operations"]?.object?.filter { $0.key.hasSuffix(" 401") } ?? [:]
        #expect(refused.values.reduce(0) { $0 + ($1.integer ?? 0) } > 1)
        let run = try await fixture.runs.run(RunInstruction(site.provider, trigger: .manual, mode: .apply))
        #expect(run.status == .succeeded)
        let writes = try await site.tenant.client.counters()["writes"]
        #expect(writes == counters["writes"])
    }

    /// Each provider ran at its six times; only the one with the unreachable tenant was tried more often.
    private func checkRuns(_ fixture: DayFixture) async throws {
        for (number, site) in fixture.sites.enumerated() {
            let runs = try await fixture.store.read { try $0.runs(of: site.provider, limit: 1000) }
            let scheduled = runs.filter { $0.trigger == .schedule }
            let ended = scheduled.filter { [.succeeded, .warning].contains($0.status) }
            let spans = Set(ended.map { Int($0.startedAt.date.timeIntervalSince(Self.start)) / (4 * 3600) })
            #expect(spans == Set(0..<6), "provider \(number): \(scheduled.map { "\($0.startedAt.text) \($0.status)" })")
            if number == 0 { #expect(scheduled.count == 6 && ended.count == 6) }
            #expect(runs.filter { $0.trigger == .change }.count >= 20)
        }
        let events = try await fixture.store.read { try $0.events(limit: 1000) }
        let quarantines = events.filter { $0.action.hasPrefix("custom_quarantine") }
        #expect(quarantines.compactMap { $0.context["provider"]?.string } == ["Entra 1", "Entra 1"])
    }
}
