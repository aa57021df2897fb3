/// The names of Microsoft's services in each cloud. Clients that know no other can be led here by them (Graph, "National cloud
/// deployments").
enum MicrosoftNames {
    static let graph: Set<String> = [
        "graph.microsoft.com", "graph.microsoft.us", "dod-graph.microsoft.us", "microsoftgraph.chinacloudapi.cn",
    ]

    /// Azure's resource manager, which every tenant knows: there are tokens for it, with which nothing can be done here.
    static let resourceManager: Set<String> = ["https://management.core.windows.net", "https://management.azure.com"]

    /// The names of a cloud's sign-in service, the first of which is to be asked.
    struct LoginCloud {
        let names: [String]
        /// The one that clients keep tokens under.
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
