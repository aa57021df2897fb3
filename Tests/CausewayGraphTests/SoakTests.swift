import CausewayEmulator
import CausewayGraph
import CausewayJSON
import CausewayTestSupport
import Testing

/// 20,000 writes through everything that can go wrong: a twentieth of the calls meets a fault, of every kind, and Graph's
/// limits apply. The tenant must end exactly as requested, and nothing may have been created twice.
@Suite("The client under faults and throttling")
struct SoakTests {
    @Test(
        "after 20,000 writes with faults of every kind and throttling, the tenant holds exactly what was sent",
        .timeLimit(.minutes(30))
    )
    func soak() async throws {
        try await TenantInProcess.with {
            $0.throttles = true
            $0.throttleSpeed = SoakPlan.speed
            $0.faults = SoakPlan.faults
        } _: { tenant in
            let policy = RetryPolicy(
                attempts: 12,
                firstPause: .milliseconds(20),
                longestPause: .milliseconds(500),
                // Next to other tests the day may take any length of time.
                patience: .seconds(3600)
            )
            let limits = ThrottleLimits.documented.faster(by: SoakPlan.speed)
            let day = try await GraphClient.with(tenant, limits: limits, policy: policy) { client in
                var day = SoakDay(client: client)
                try await day.run()
                return day
            }
            #expect(day.writes == 20_000)
            let counters = try await tenant.client.counters()
            #expect(counters["repeated_creates"] == 0)
            #expect(counters["duplicated_creates"] == 0)
            let met = try await tenant.client.control("GET", "faults").body["met"]?.object ?? [:]
            for rule in SoakPlan.faults {
                #expect(met[rule.kind.rawValue]?.integer ?? 0 > 0, "no \(rule.kind) was met")
            }
            try await expectRight(tenant, day.expected)
        }
    }

    private func expectRight(_ tenant: TenantInProcess, _ expected: SoakDay.Expectation) async throws {
        _ = try await tenant.client.control("PUT", "faults", [])
        _ = try await tenant.client.control("POST", "throttle", ["on": false])
        let users = try await tenant.client.all("/users?$top=999&$select=id,userPrincipalName,jobTitle,accountEnabled")
        #expect(users.count == expected.users.count)
        var wrong: [String] = []
        for user in users {
            let id = user["id"]?.string ?? ""
            let found = SoakDay.User(
                name: user["userPrincipalName"]?.string ?? "",
                jobTitle: user["jobTitle"]?.string,
                isEnabled: user["accountEnabled"]?.bool ?? false
            )
            if expected.users[id] != found { wrong.append("\(found), not \(String(describing: expected.users[id]))") }
        }
        let groups = try await tenant.client.all("/groups?$top=999&$select=id")
        #expect(groups.count == expected.members.count)
        for group in groups.compactMap({ $0["id"]?.string }) {
            let members = try await tenant.client.all("/groups/\(group)/members?$top=999&$select=id")
            let ids = Set(members.compactMap { $0["id"]?.string })
            if expected.members[group] != ids { wrong.append("group \(group) has \(ids.count) members") }
        }
        #expect(wrong.isEmpty)
    }
}

/// What goes wrong, and how fast time runs.
private enum SoakPlan {
    static let speed = 100.0

    /// Every kind, together a twentieth of the calls.
    static var faults: [FaultRule] {
        FaultKind.allCases.filter { ![.secretExpired, .clockSkew].contains($0) }.map { kind in
            var rule = FaultRule()
            rule.kind = kind
            rule.rate = 0.05 / Double(FaultKind.allCases.count)
            rule.seconds = 0.05
            // Only a create can meet a quota.
            if kind == .quotaExceeded { rule.operation = "POST /users" }
            return rule
        }
    }
}

/// The writes of the day, and their expected result.
struct SoakDay {
    struct User: Equatable {
        let name: String
        var jobTitle: String?
        var isEnabled = true
    }

    /// What the tenant must hold, by id.
    struct Expectation {
        var users: [String: User] = [:]
        var members: [String: Set<String>] = [:]
    }

    let client: GraphClient
    private(set) var expected = Expectation()
    /// Writes that were requested and done.
    private(set) var writes = 0
    private var users: [String] = []
    private var groups: [String] = []

    private static let userCount = 6000
    private static let groupCount = 600

    init(client: GraphClient) { self.client = client }

    mutating func run() async throws {
        try await createUsers()
        try await createGroups()
        try await addMembers()
        try await changeUsers()
        try await removeMembers()
        try await deleteUsers()
    }

    // MARK: The parts of the day

    private mutating func createUsers() async throws {
        let requests = (0..<Self.userCount).map { number in
            let key = "key\(number)"
            var body = TestUser.body(number).object ?? [:]
            body["onPremisesImmutableId"] = .string(key)
            let path = "/users?$select=id,onPremisesImmutableId&$filter=onPremisesImmutableId%20eq%20'\(key)'"
            let lookup = ObjectLookup(path, key: (property: "onPremisesImmutableId", value: .string(key)))
            return GraphRequest(.post, "/users", body: .object(body), repetition: .afterLooking(lookup))
        }
        users = try await send(requests).map { $0.body?["id"]?.string ?? "" }
        for (number, id) in users.enumerated() { expected.users[id] = User(name: "p\(number)@company.com") }
    }

    private mutating func createGroups() async throws {
        let requests = (0..<Self.groupCount).map { number in
            let name = "g\(number)"
            let members = references(members(of: number, 0..<10))
            let lookup = ObjectLookup("/groups(uniqueName='\(name)')?$select=id,uniqueName")
            let body = TestUser.group(name, ["members@odata.bind": members])
            return GraphRequest(.post, "/groups", body: body, repetition: .afterLooking(lookup))
        }
        groups = try await send(requests).map { $0.body?["id"]?.string ?? "" }
        for (number, id) in groups.enumerated() { expected.members[id] = Set(members(of: number, 0..<10)) }
    }

    /// Two requests with twenty members for each group.
    private mutating func addMembers() async throws {
        var requests: [GraphRequest] = []
        for (number, group) in groups.enumerated() {
            for part in [10..<30, 30..<50] {
                let body: JSONValue = ["members@odata.bind": references(members(of: number, part))]
                requests.append(GraphRequest(.patch, "/groups/\(group)", body: body, repetition: .harmless))
            }
            let added = members(of: number, 10..<50)
            expected.members[group]?.formUnion(added)
        }
        _ = try await send(requests)
    }

    private mutating func changeUsers() async throws {
        var requests: [GraphRequest] = []
        for (number, id) in users.enumerated() {
            expected.users[id]?.jobTitle = "Title \(number)"
            let body: JSONValue = ["jobTitle": .string("Title \(number)")]
            requests.append(GraphRequest(.patch, "/users/\(id)", body: body, repetition: .harmless))
        }
        for id in users.prefix(1500) {
            expected.users[id]?.isEnabled = false
            requests.append(
                GraphRequest(.patch, "/users/\(id)", body: ["accountEnabled": false], repetition: .harmless)
            )
        }
        _ = try await send(requests)
    }

    /// Five of each group.
    private mutating func removeMembers() async throws {
        var requests: [GraphRequest] = []
        for (number, group) in groups.enumerated() {
            for member in members(of: number, 0..<5) {
                requests.append(GraphRequest(.delete, "/groups/\(group)/members/\(member)/$ref", repetition: .harmless))
                expected.members[group]?.remove(member)
            }
        }
        _ = try await send(requests)
    }

    private mutating func deleteUsers() async throws {
        let gone = users.suffix(1700)
        _ = try await send(gone.map { GraphRequest(.delete, "/users/\($0)", repetition: .harmless) })
        for id in gone { expected.users[id] = nil }
        for group in groups { expected.members[group]?.subtract(gone) }
    }

    // MARK: Sending

    /// The members of a group: fifty people in a row, with another start for each group.
    private func members(of group: Int, _ range: Range<Int>) -> [String] {
        range.map { users[(group * 7 + $0) % users.count] }
    }

    private func references(_ ids: [String]) -> JSONValue {
        JSONValue(ids.map { "\(client.baseURL)/directoryObjects/\($0)" })
    }

    /// Sends requests until each is done, as consecutive runs would: what Graph refused for the moment is sent again.
    private mutating func send(_ requests: [GraphRequest]) async throws -> [GraphResponse] {
        var answers: [Int: GraphResponse] = [:]
        var open = Array(requests.indices)
        for _ in 0..<10 where !open.isEmpty {
            let results = try await client.send(batch: open.map { requests[$0] })
            var again: [Int] = []
            for (place, result) in zip(open, results) {
                if let answer = try await answer(to: requests[place], result) {
                    answers[place] = answer
                } else {
                    again.append(place)
                }
            }
            open = again
        }
        #expect(open.isEmpty)
        writes += answers.count
        return requests.indices.compactMap { answers[$0] }
    }

    /// - Returns: nil if it must be sent again.
    private func answer(to request: GraphRequest, _ result: Result<GraphResponse, GraphFailure>) async throws
        -> GraphResponse?
    {
        switch result {
        case .success(let answer): return answer
        case .failure(let failure):
            switch failure.kind {
            // It was done without an answer.
            case .notFound where request.method == .delete: return GraphResponse(status: 204, headers: [:], body: nil)
            case .memberAlreadyThere: return try await addSingly(request)
            case .quotaExceeded, .unavailable, .unauthorized, .throttled: return nil
            case .unanswered where request.method != .post: return nil
            default:
                Issue.record("\(request.method) \(request.path): \(failure)")
                throw failure
            }
        }
    }

    /// Members that were sent together, and of which some already exist: each is sent alone.
    private func addSingly(_ bundle: GraphRequest) async throws -> GraphResponse? {
        let members = bundle.body?["members@odata.bind"]?.array ?? []
        let requests = members.map {
            GraphRequest(.post, "\(bundle.path)/members/$ref", body: ["@odata.id": $0], repetition: .harmless)
        }
        for result in try await client.send(batch: requests) {
            if case .failure(let failure) = result, failure.kind != .memberAlreadyThere { return nil }
        }
        return GraphResponse(status: 204, headers: [:], body: nil)
    }
}
