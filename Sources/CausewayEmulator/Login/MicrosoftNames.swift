/// The names of Microsoft's services in each cloud. Clients that know no other names can be led here with them (Graph, "National cloud
/// deployments").
enum MicrosoftNames {
    static let graph: Set<String> = [
        "graph.microsoft.com", "graph.microsoft.us", "dod-graph.microsoft.us", "microsoftgraph.chinacloudapi.cn",
    ]

    /// Azure's resource manager, which every tenant knows: there are tokens for it, but nothing here accepts them.
    static let resourceManager: Set<String> = ["https://management.core.windows.net", "https://management.azure.com"]

    /// The names of a cloud's sign-in service, the first of which is the preferred one.
    struct LoginCloud {
        let names: [String]
        /// The name under which clients store tokens.
        let cache: String

        init(_ names: String..., cache: String? = nil) { (self.names, self.cache) = (names, cache ?? names[0]) }
    }

    static let loginClouds = [
        LoginCloud(
            "login.microsoftonline.com",
            "login.windows.net",
            "login.microsoft.com",
            "sts.windows.net",
            cache: "login.windows.net"
        ),
        LoginCloud("login.partner.microsoftonline.cn", "login.chinacloudapi.cn"),
        LoginCloud("login.microsoftonline.us", "login.usgovcloudapi.net"),
    ]

    static let login = Set(loginClouds.flatMap(\.names))
    static let all = graph.union(login)
}
