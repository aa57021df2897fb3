import CausewayAPI

/// The numbers of a provider, as the API returns them.
struct OverviewView: Decodable, Sendable {
    let users: Counts
    let groups: Counts
    let tenant: Tenant?
    /// The tenant's page in Microsoft's admin center.
    let portal: String?
    let queued: Queued?
    let running: RunView?
    /// The latest run that waits for approval.
    let waitingRun: String?
    let lastFullSync: String?
    let nextRun: String?
    /// When a check of the connection last signed in; nil if none has since the sign-in was changed.
    let connectionChecked: String?
    /// When one of its mappings was last previewed.
    let mappingPreviewed: String?
    let credentials: [Credential]

    /// How many objects of a kind there are, by state.
    struct Counts: Decodable, Sendable {
        let inScope: Int
        let linked: Int
        let suspended: Int
        let failing: Int
        let refused: Int
        let waiting: Int
    }

    struct Tenant: Decodable, Sendable {
        let name: String
        let verifiedDomains: [String]
    }

    struct Queued: Decodable, Sendable {
        let trigger: String
        let requested: String
    }

    struct Credential: Decodable, Sendable {
        let clientId: String
        let kind: String
        /// The end of a certificate; nil for others.
        let expires: String?
        /// Whether it ends soon, or has ended.
        let isEnding: Bool
        let portal: String?
    }
}

/// The table of a provider's numbers: each number leads to the list that it counts.
struct ShownFigures: TemplateValue {
    let rows: [Row]

    struct Row: TemplateValue {
        let label: String
        let users: Figure
        let groups: Figure?
    }

    struct Figure: TemplateValue {
        let count: ShownNumber
        /// The list of what is counted; nil if there is nothing to list.
        let address: String?
    }

    init(_ overview: OverviewView, _ provider: ProviderView, _ texts: Texts) {
        let (users, groups) = (overview.users, overview.groups)
        func list(_ kind: DirectoryKind, _ state: String) -> String {
            Address.provider(provider.pk, kind.tab).query([("state", state)])
        }
        func failures(_ kind: DirectoryKind) -> String {
            Address.provider(provider.pk, .failures).query([("kind", kind.rawValue)])
        }
        let people = provider.filterGroup.map { Address.group($0) } ?? .users
        let held = overview.waitingRun.map { Address.run($0).query([("outcome", "held")]) }
        func row(_ key: String, _ users: Figure, _ groups: Figure?) -> Row {
            Row(label: texts("provider.figures.\(key)"), users: users, groups: groups)
        }
        rows = [
            row("in_scope", Figure(users.inScope, people.text), Figure(groups.inScope, Address.groups.text)),
            row(
                "linked",
                Figure(users.linked, Address.provider(provider.pk, .users).text),
                Figure(groups.linked, Address.provider(provider.pk, .groups).text)
            ),
            row("suspended", Figure(users.suspended, list(.user, "suspended")), nil),
            row("failing", Figure(users.failing, failures(.user)), Figure(groups.failing, failures(.group))),
            row(
                "refused",
                Figure(users.refused, list(.user, "refused")),
                Figure(groups.refused, list(.group, "refused"))
            ),
            row("waiting", Figure(users.waiting, held), Figure(groups.waiting, held)),
        ]
    }
}

extension ShownFigures.Figure {
    init(_ count: Int, _ address: String?) {
        self.init(count: ShownNumber(count), address: count > 0 ? address : nil)
    }
}

/// What is known of a provider's tenant, and when its credentials end.
struct ShownTenant: TemplateValue {
    let name: String?
    let domains: [String]
    let hasDomains: Bool
    let portal: String?
    let lastFullSync: ShownTime?
    let nextRun: ShownTime?
    let credentials: [Credential]

    struct Credential: TemplateValue {
        let kind: String
        /// The client id, if there are several app registrations.
        let clientID: String?
        let end: ShownTime?
        /// What to know of an end that is not known.
        let note: String?
        let isEnding: Bool
        let portal: String?
    }

    init(_ overview: OverviewView, _ texts: Texts) {
        name = overview.tenant?.name
        domains = overview.tenant?.verifiedDomains ?? []
        hasDomains = !domains.isEmpty
        portal = overview.portal
        lastFullSync = ShownTime(overview.lastFullSync)
        nextRun = ShownTime(overview.nextRun)
        let isOne = overview.credentials.count == 1
        credentials = overview.credentials.map { credential in
            Credential(
                kind: texts("provider.credentials.\(credential.kind)"),
                clientID: isOne ? nil : credential.clientId,
                end: ShownTime(credential.expires),
                note: credential.expires == nil ? texts("provider.credential_notes.\(credential.kind)") : nil,
                isEnding: credential.isEnding,
                portal: credential.portal
            )
        }
    }
}
