import CausewayAPI

/// The part that all pages of a provider share: its state, runs that wait, and the tabs. The template is `provider-top`.
struct ProviderFrame: TemplatePart {
    let base: Address
    let provider: ProviderView
    let state: String
    let stateWords: String
    let stateSentence: String
    /// A sentence about accounts that are left out because they only administer Causeway.
    let leftOut: String?
    let tabs: [TabLink]
    let hasOutstanding: Bool
    let outstanding: [String]
    let failing: String?
    let isUnassigned: Bool
    /// The application that has it in the wrong place.
    let mistaken: PageLink?
    let isDryRun: Bool
    let quarantine: Quarantine?
    let waiting: WaitingRuns?
    let runs: [ShownRun]
    /// The run in progress.
    let running: ShownRun?

    struct Quarantine: TemplateValue {
        let reason: String
        let since: ShownTime?
        let until: ShownTime?
    }

    /// Reads the provider of a request, with its latest run, from the API.
    ///
    /// - Parameter tab: the current page.
    init(_ request: PageRequest, _ tab: Address.ProviderTab, _ texts: Texts) async throws {
        let provider = try await request.api.provider(request.value("id"))
        self.init(try await ProviderHealth(provider, runs: 1, request.api), tab, texts)
    }

    init(_ health: ProviderHealth, _ tab: Address.ProviderTab, _ texts: Texts) {
        let provider = health.provider
        base = .provider(provider.pk)
        self.provider = provider
        state = health.outstanding.state
        stateWords = texts("states.\(state)")
        stateSentence = texts("state_sentences.\(health.waitsForFirstSync ? "first_sync" : state)")
        let omitted = health.guardState.leftOutAdministrators
        leftOut = omitted > 0 ? texts("provider.left_out", count: omitted) : nil
        tabs = Address.ProviderTab.allCases.map {
            TabLink(
                title: texts("provider.tabs.\($0.rawValue)"),
                address: Address.provider(provider.pk, $0).text,
                isCurrent: $0 == tab
            )
        }
        outstanding = health.outstanding.sentences
        hasOutstanding = !outstanding.isEmpty
        failing = health.failing > 0 ? texts("dashboard.failed", count: health.failing) : nil
        isUnassigned = !health.isAssigned
        mistaken = health.mistakenApplication.map {
            PageLink(title: texts("provider.mistaken", ["name": $0.name]), address: .application($0.slug).edit)
        }
        isDryRun = provider.dryRun
        quarantine = health.quarantine.map {
            Quarantine(reason: $0.reason, since: Formatting.time($0.since), until: Formatting.time($0.until))
        }
        waiting = WaitingRuns(health.guardState.waiting, texts)
        runs = health.runs.map { ShownRun($0, texts) }
        running = health.isRunning ? runs.first : nil
    }

    /// A page of the provider, below its name.
    ///
    /// - Parameter status: 422 if a form is shown again with errors.
    func response(_ page: some PageModel, _ texts: Texts, status: Int = 200) -> PageResponse {
        let trail = [PageLink(title: texts("places.providers"), address: .providers)]
        return .page(PageContent(page, title: provider.name, place: "providers", trail: trail), status: status)
    }
}
