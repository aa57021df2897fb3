import CausewayEmulator
package import CausewayJSON

/// Reads and writes an emulated tenant over plain HTTP, to check its actual content.
package struct TenantClient: Sendable {
    package let graph: String
    package let control: String
    private let authorization: [(String, String)]

    /// Signs in.
    ///
    /// - Parameter endpoints: the line of JSON that a tenant prints.
    package init(_ endpoints: JSONValue, secret: String = "emulated-secret-value") async throws {
        graph = endpoints["graph_endpoint"]?.string ?? ""
        control = endpoints["control_endpoint"]?.string ?? ""
        let login = endpoints["login_endpoint"]?.string ?? ""
        let tenant = endpoints["tenant_id"]?.string ?? ""
        let form =
            "grant_type=client_credentials&client_id=\(endpoints["client_id"]?.string ?? "")&client_secret=\(secret)"
            + "&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default"
        let answer = try await HTTP.send("POST", "\(login)/\(tenant)/oauth2/v2.0/token", form: form)
        authorization = [("Authorization", "Bearer \(answer.body["access_token"]?.string ?? "")")]
    }

    private init(graph: String, control: String, authorization: [(String, String)]) {
        (self.graph, self.control, self.authorization) = (graph, control, authorization)
    }

    /// The same at another version of Graph, such as `beta`.
    package func version(_ name: String) -> TenantClient {
        let url = graph.replacing("/v1.0", with: "/\(name)")
        return TenantClient(graph: url, control: control, authorization: authorization)
    }

    package func send(
        _ method: String,
        _ path: String,
        _ body: JSONValue? = nil,
        headers: [(String, String)] = [],
        media: (type: String, bytes: [UInt8])? = nil
    ) async throws -> HTTP.Answer {
        try await HTTP.send(method, graph + path, headers: authorization + headers, body: body, media: media)
    }

    /// All elements of a listing, page by page.
    package func all(_ path: String, headers: [(String, String)] = []) async throws -> [JSONValue] {
        var values: [JSONValue] = []
        var next: String? = graph + path
        while let url = next {
            let answer = try await HTTP.send("GET", url, headers: authorization + headers)
            values += answer.body["value"]?.array ?? []
            next = answer.body["@odata.nextLink"]?.string
        }
        return values
    }

    /// The names of each group's members, by the group's display name: user principal names or display names.
    package func memberNames() async throws -> [String: Set<String>] {
        var names: [String: String] = [:]
        for user in try await all("/users?$top=999&$select=id,displayName,mail,userPrincipalName") {
            let name = user["mail"]?.string ?? user["userPrincipalName"]?.string ?? ""
            names[user["id"]?.string ?? ""] = name
        }
        let groups = try await all("/groups?$top=999&$select=id,displayName")
        for group in groups { names[group["id"]?.string ?? ""] = group["displayName"]?.string }
        var members: [String: Set<String>] = [:]
        for group in groups {
            let id = group["id"]?.string ?? ""
            let ids = try await all("/groups/\(id)/members?$top=999&$select=id").compactMap { $0["id"]?.string }
            members[names[id] ?? ""] = Set(ids.compactMap { names[$0] })
        }
        return members
    }

    package func counters() async throws -> JSONValue { try await HTTP.send("GET", "\(control)/requests").body }

    /// Stops the tenant's answers after this many writes; nil lets it answer again.
    package func hold(afterWrites writes: Int64?) async throws {
        let body: JSONValue = ["after_writes": writes.map(JSONValue.integer) ?? .null]
        _ = try await HTTP.send("POST", "\(control)/hold", body: body)
    }

    /// Calls the tenant's control endpoint.
    package func control(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> HTTP.Answer {
        try await HTTP.send(method, "\(control)/\(path)", body: body)
    }

    /// Gives the tenant's only application the usual permissions and these; an existing token keeps its permissions until it expires.
    package func consent(to permissions: [String]) async throws {
        let application: JSONValue = [
            "secrets": [["value": "emulated-secret-value"]],
            "permissions": JSONValue(AppRegistration.usualPermissions + permissions),
        ]
        _ = try await control("PATCH", "settings", ["applications": [application]])
    }

    package func resetCounters() async throws { _ = try await HTTP.send("POST", "\(control)/reset-counters") }

    package func state() async throws -> JSONValue { try await HTTP.send("GET", "\(control)/state").body }
}
