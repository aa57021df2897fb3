/// What an emulated tenant is to be.
package struct EmulatorSettings: Sendable {
    /// Address to listen on.
    package var host = "127.0.0.1"
    /// 0 takes any free port.
    package var port = 0
    package var tenantID = "11111111-2222-4333-8444-555555555555"
    package var clientID = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
    package var clientSecret = "emulated-secret-value"
    /// The `onmicrosoft.com` name that every tenant starts with.
    package var initialDomain = "emulated.onmicrosoft.com"
    /// Further verified domains; the first becomes the default.
    package var domains: [String] = []
    /// Application permissions with admin consent.
    package var permissions: Set<String> = [
        "User.ReadWrite.All", "Group.ReadWrite.All", "GroupMember.ReadWrite.All", "User.ManageIdentities.All",
        "Directory.Read.All", "Organization.Read.All", "Domain.Read.All",
    ]
    package var throttles = false
    /// The same seed gives the same ids and the same order of batch answers.
    package var seed: UInt64 = 1

    package init() {}
}

/// Where a running tenant is.
package struct EmulatorEndpoints: Sendable {
    /// `http://127.0.0.1:PORT`, without a path: the log-in service.
    package let login: String
    /// Graph with its version.
    package let graph: String
    package let control: String
    package let tenantID: String
    package let clientID: String

    /// One line for programs that start the tenant and wait for it.
    package var jsonLine: String {
        let fields = [
            "login_endpoint": login, "graph_endpoint": graph, "control_endpoint": control, "tenant_id": tenantID,
            "client_id": clientID,
        ]
        return "{" + fields.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",")
            + "}"
    }
}

/// Why a tenant cannot run, in one sentence.
package struct EmulatorError: Error, Equatable, CustomStringConvertible {
    package let description: String
}
