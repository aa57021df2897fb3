import CausewayDemo
import CausewayGraph
import CausewayJSON
import Foundation
import Logging

/// An emulated tenant in a process of its own, and a Graph client of it, for measurements.
struct MeasuredTenant {
    let tenant: TenantProcess
    let client: GraphClient
    private let transport: NetworkTransport

    /// - Parameters:
    ///   - flags: of the tenant.
    ///   - applications: how many app registrations it has, all of which the client uses.
    static func with<Value>(
        flags: [String] = TenantProcess.calm,
        applications: Int = 1,
        limits: ThrottleLimits? = nil,
        _ body: (MeasuredTenant) async throws -> Value
    ) async throws -> Value {
        let ids = (1...applications).map { "00000000-0000-4000-8000-00000000000\($0)" }
        let registrations = ids.map { id in
            ["client_id": .string(id), "secrets": [["value": .string(secret)]]] as JSONValue
        }
        let setting = "applications=\(JSONValue.array(registrations).text)"
        let tenant = try TenantProcess(domains: [domain], flags: flags + ["--set", setting])
        defer { tenant.stop() }
        let transport = NetworkTransport()
        let result: Result<Value, any Error>
        do {
            let client = try client(of: tenant, ids, transport, limits)
            result = .success(try await body(MeasuredTenant(tenant: tenant, client: client, transport: transport)))
        } catch { result = .failure(error) }
        try await transport.shutdown()
        return try result.get()
    }

    private static let secret = "measured-secret-value"
    private static let domain = "company.com"

    private static func client(
        of tenant: TenantProcess,
        _ ids: [String],
        _ transport: NetworkTransport,
        _ limits: ThrottleLimits?
    ) throws -> GraphClient {
        GraphClient(
            endpoints: try GraphEndpoints(login: tenant.text("login_endpoint"), graph: tenant.text("graph_endpoint")),
            credentials: ids.map { id in
                GraphCredential(
                    tenant: tenant.text("tenant_id"),
                    clientID: id,
                    proof: .clientSecret(ClientSecret(secret))
                )
            },
            transport: transport,
            limits: limits,
            logger: Logger(label: "measure")
        )
    }

    func control(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> JSONValue {
        try await tenant.control(method, path, body, with: transport)
    }

    /// A user that a create accepts.
    static func user(_ number: Int) -> JSONValue {
        [
            "displayName": .string("Person \(number)"), "accountEnabled": true, "mailNickname": .string("p\(number)"),
            "userPrincipalName": .string("p\(number)@\(domain)"), "passwordProfile": ["password": "Long-Enough-1"],
            "jobTitle": "Scientist", "department": "Research", "givenName": "Person", "surname": .string("\(number)"),
        ]
    }

    /// Fills the tenant with users as if long ago.
    ///
    /// - Parameter made: receives their ids, some at a time.
    func seedUsers(_ count: Int, _ made: ([String]) -> Void = { _ in }) async throws {
        for start in stride(from: 0, to: count, by: 1000) {
            let part = (start..<min(start + 1000, count)).map(Self.user)
            let answer = try await control("POST", "seed", ["users": .array(part)])
            made(answer["ids"]?.array?.compactMap(\.string) ?? [])
        }
    }

    /// Creates users through the client, a few hundred requests at a time from each of several callers, as a sync does.
    ///
    /// - Throws: ``BenchError`` if one is not created.
    func createUsers(_ count: Int) async throws {
        let part = 200
        try await withThrowingTaskGroup(of: Void.self) { group in
            for start in stride(from: 0, to: count, by: part) {
                if start >= part * 8 { try await group.next() }
                group.addTask { [client] in
                    let numbers = start..<min(start + part, count)
                    let requests = numbers.map { GraphRequest(.post, "/users", body: Self.user($0)) }
                    for case .failure(let failure) in try await client.send(batch: requests) {
                        throw BenchError("A user could not be created: \(failure.sentence)")
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
