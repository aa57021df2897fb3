/// The names of Microsoft's services in each cloud. Clients that know no other can be led here by them (Graph, "National cloud
/// deployments").
enum MicrosoftNames {
    static let graph: Set<String> = [
        "graph.microsoft.com", "graph.microsoft.us", "dod-graph.microsoft.us", "microsoftgraph.chinacloudapi.cn",
    ]
    static let login: Set<String> = [
        "login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn",
    ]
    static let all = graph.union(login)
}
