/// A server that works on the database, as the API returns it.
struct NodeView: Decodable, Sendable {
    let name: String
    let version: String
    let state: String
    let isDraining: Bool
    let seen: String
    let work: [Work]

    /// A run in progress.
    struct Work: Decodable, Sendable {
        let run: String
        let providerName: String
    }
}

/// The nodes on the page of the system.
struct NodeTable: TemplateValue {
    let rows: [Row]
    /// Whether no node begins a sync.
    let noneWorks: Bool

    struct Row: TemplateValue {
        let name: String
        let version: String
        let state: String
        let stateWords: String
        let seen: ShownTime?
        let work: [PageLink]
        let isIdle: Bool
        /// Nil for a silent node, which would not hear of it.
        let change: Change?
    }

    /// The button that drains a node, or ends that.
    struct Change: TemplateValue {
        let address: Address
        let words: String
    }

    init(_ nodes: [NodeView], _ texts: Texts) {
        rows = nodes.map { Row($0, texts) }
        noneWorks = !nodes.contains { $0.state == "working" }
    }
}

extension NodeTable.Row {
    private static let states = ["working": "in_sync", "draining": "paused", "silent": "failing"]

    fileprivate init(_ node: NodeView, _ texts: Texts) {
        let verb = node.isDraining ? "undrain" : "drain"
        let change = NodeTable.Change(
            address: .system("nodes")(node.name)(verb),
            words: texts("system.nodes.\(verb)")
        )
        self.init(
            name: node.name,
            version: node.version,
            state: Self.states[node.state] ?? "none",
            stateWords: texts("system.nodes.states.\(node.state)"),
            seen: ShownTime(node.seen),
            work: node.work.map { PageLink(title: $0.providerName, address: .run($0.run)) },
            isIdle: node.work.isEmpty,
            change: node.state == "silent" ? nil : change
        )
    }
}
