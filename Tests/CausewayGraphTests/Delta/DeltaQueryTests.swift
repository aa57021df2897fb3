import CausewayEmulator
import CausewayGraph
import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("Delta queries, against a tenant")
struct DeltaQueryTests {
    /// The state that a reader of delta queries derives, change by change, including repeated ones.
    private struct Mirror {
        var names: [String: String] = [:]
        var members: [String: Set<String>] = [:]
        var removals: [String: DeltaChange.Removal] = [:]
        var begins: [DeltaChanges.DeltaRound] = []
        var largestPage = 0
        var link: DeltaLink?

        mutating func apply(_ element: DeltaChanges.Element) {
            switch element {
            case .begin(let round):
                begins.append(round)
                if round == .everything { (names, members, removals) = ([:], [:], [:]) }
            case .changes(let changes):
                largestPage = max(largestPage, changes.count)
                for change in changes { apply(change) }
            case .end(let end): link = end
            }
        }

        private mutating func apply(_ change: DeltaChange) {
            removals[change.id] = change.removal
            guard change.removal == nil else {
                names[change.id] = nil
                members[change.id] = nil
                return
            }
            if let name = change.properties["displayName"]?.string { names[change.id] = name }
            for link in change.links["members"] ?? [] {
                if link.isRemoved {
                    members[change.id]?.remove(link.id)
                } else {
                    members[change.id, default: []].insert(link.id)
                }
            }
        }

        /// Reads a round.
        mutating func read(_ changes: DeltaChanges) async throws {
            try await changes.forEach { apply($0) }
        }
    }

    private static func seedUsers(_ tenant: TenantInProcess, _ count: Int) async throws -> [String] {
        var ids: [String] = []
        for number in 0..<count {
            ids.append(try await tenant.client.send("POST", "/users", TestUser.body(number)).body["id"]?.string ?? "")
        }
        return ids
    }

    @Test("the first round returns everything, the next one what changed; removals say of which kind they are")
    func rounds() async throws {
        try await TenantInProcess.with {
            $0.deltaPageSize = 7
            $0.isDeltaReplayed = true
        } _: { tenant in
            let ids = try await Self.seedUsers(tenant, 30)
            try await GraphClient.with(tenant) { client in
                var mirror = Mirror()
                try await mirror.read(client.delta("users", select: ["displayName"]))
                #expect(mirror.names.count == 30)
                #expect(mirror.begins == [.everything])
                #expect(mirror.largestPage <= 7)
                _ = try await tenant.client.send("PATCH", "/users/\(ids[3])", ["displayName": "Renamed"])
                _ = try await tenant.client.send("DELETE", "/users/\(ids[4])")
                _ = try await tenant.client.send("DELETE", "/users/\(ids[5])")
                _ = try await tenant.client.send("DELETE", "/directory/deletedItems/\(ids[5])")
                try await mirror.read(client.delta("users", select: ["displayName"], from: mirror.link))
                #expect(mirror.begins == [.everything, .changes])
                #expect(mirror.names.count == 28)
                #expect(mirror.names[ids[3]] == "Renamed")
                #expect(mirror.removals[ids[4]] == .deleted)
                #expect(mirror.removals[ids[5]] == .purged)
            }
        }
    }

    @Test("a group whose members fill several pages is merged into one")
    func splitGroups() async throws {
        try await TenantInProcess.with {
            $0.deltaMembersPerPage = 5
        } _: { tenant in
            let ids = try await Self.seedUsers(tenant, 23)
            let group = try await tenant.client.send("POST", "/groups", TestUser.group("g")).body["id"]?.string ?? ""
            try await GraphClient.with(tenant) { client in
                let adds = ids.map { id in
                    GraphRequest(
                        .post,
                        "/groups/\(group)/members/$ref",
                        body: ["@odata.id": .string("\(client.baseURL)/directoryObjects/\(id)")]
                    )
                }
                #expect(try await client.send(batch: adds).allSatisfy { if case .success = $0 { true } else { false } })
                var mirror = Mirror()
                try await mirror.read(client.delta("groups", select: ["displayName", "members"]))
                #expect(mirror.members[group] == Set(ids))
                _ = try await tenant.client.send("DELETE", "/groups/\(group)/members/\(ids[0])/$ref")
                try await mirror.read(client.delta("groups", select: ["displayName", "members"], from: mirror.link))
                #expect(mirror.members[group] == Set(ids.dropFirst()))
            }
        }
    }

    @Test("an expired link, a reset and an unknown link lead to a new full round", arguments: [400, 410])
    func startingOver(_ status: Int) async throws {
        try await TenantInProcess.with { _ in
        } _: { tenant in
            _ = try await tenant.client.control("PATCH", "settings", ["expired_delta_status": .integer(Int64(status))])
            let ids = try await Self.seedUsers(tenant, 5)
            try await GraphClient.with(tenant) { client in
                var mirror = Mirror()
                try await mirror.read(client.delta("users", select: ["displayName"]))
                let old = mirror.link
                _ = try await tenant.client.send("DELETE", "/users/\(ids[0])")
                tenant.clock.advance(by: 8 * 86_400)
                try await mirror.read(client.delta("users", select: ["displayName"], from: old))
                #expect(mirror.begins == [.everything, .changes, .everything])
                #expect(mirror.names.count == 4)
                tenant.clock.advance(by: 1)
                _ = try await tenant.client.control("POST", "reset-delta")
                tenant.clock.advance(by: 1)
                mirror.begins = []
                try await mirror.read(client.delta("users", select: ["displayName"], from: mirror.link))
                #expect(mirror.begins == [.changes, .everything])
                #expect(mirror.names.count == 4)
                mirror.begins = []
                let foreign = DeltaLink(url: "\(client.baseURL)/users/delta?$deltatoken=nonsense")
                try await mirror.read(client.delta("users", select: ["displayName"], from: foreign))
                #expect(mirror.begins == [.changes, .everything])
            }
        }
    }

    @Test("if a page expires during a round, the round begins again and nothing is lost")
    func expiredPage() async throws {
        try await TenantInProcess.with {
            $0.deltaPageSize = 3
        } _: { tenant in
            let ids = try await Self.seedUsers(tenant, 10)
            try await GraphClient.with(tenant) { client in
                var mirror = Mirror()
                var pages = 0
                for try await element in client.delta("users", select: ["displayName"]) {
                    mirror.apply(element)
                    pages += 1
                    guard pages == 2 else { continue }
                    tenant.clock.advance(by: 1)
                    _ = try await tenant.client.control("POST", "reset-delta")
                    tenant.clock.advance(by: 1)
                }
                #expect(mirror.begins == [.everything, .everything])
                #expect(Set(mirror.names.keys) == Set(ids))
            }
        }
    }

    @Test("an invalid query is an error, and does not begin the round again")
    func wrongQuestion() async throws {
        try await TenantInProcess.with { tenant in
            try await GraphClient.with(tenant) { client in
                var mirror = Mirror()
                let failure = await #expect(throws: GraphFailure.self) {
                    try await mirror.read(client.delta("users", select: ["favouriteColour"]))
                }
                #expect(failure?.status == 400)
                let foreign = DeltaLink(url: "https://elsewhere.example/v1.0/users/delta?$deltatoken=x")
                await #expect(throws: GraphFailure.self) {
                    for try await _ in client.delta("users", select: ["displayName"], from: foreign) {}
                }
            }
        }
    }
}
