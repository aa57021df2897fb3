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
    /// What a run may take away without approval.
    let limits: String
    let tabs: [TabLink]
    let hasOutstanding: Bool
    let outstanding: [Outstanding]
    let isUnassigned: Bool
    /// The form of a new application with this provider.
    let assign: String
    /// The application that has it in the wrong place.
    let mistaken: PageLink?
    let isDryRun: Bool
    let isPaused: Bool
    let quarantine: Quarantine?
    let waiting: WaitingRuns?
    let runs: [ShownRun]
    /// The run in progress.
    let running: ShownRun?
    /// The stream that says when the page is out of date; nil for pages with forms.
    let live: Live?

    /// A sentence about outstanding work, and the page where more is known.
    struct Outstanding: TemplateValue {
        let words: Message
        let address: Address?
    }

    struct Live: TemplateValue {
        let events: String
        /// What the page shows, as the stream would say it.
        let known: String

        /// - Parameters:
        ///   - provider: whose stream it is.
        ///   - known: the provider's state, as the page shows it.
        init(of provider: Int64, known: String) {
            events = "/api/v3/causeway/providers/\(provider)/events/"
            self.known = known
        }
    }

    struct Quarantine: TemplateValue {
        let reason: Message
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
        limits = ScheduleWords(texts: texts).limits(health.guardState)
        tabs = Address.ProviderTab.allCases.map {
            TabLink(
                title: texts("provider.tabs.\($0.rawValue)"),
                address: Address.provider(provider.pk, $0).text,
                isCurrent: $0 == tab
            )
        }
        outstanding = health.outstanding.outstanding.map { Self.outstanding($0, health) }
        hasOutstanding = !outstanding.isEmpty
        isUnassigned = !health.isAssigned
        assign = Address.applications.create.query([("backchannel_providers", provider.id)])
        mistaken = health.mistakenApplication.map {
            PageLink(title: texts("provider.mistaken", ["name": $0.name]), address: .application($0.slug).edit)
        }
        isDryRun = provider.dryRun
        isPaused = health.outstanding.isPaused
        quarantine = health.quarantine.map {
            Quarantine(reason: $0.reason, since: ShownTime($0.since), until: ShownTime($0.until))
        }
        waiting = WaitingRuns(health.guardState.waiting, texts)
        runs = health.runs.map { ShownRun($0, texts) }
        running = health.isRunning ? runs.first : nil
        let isLive = [.overview, .failures, .runs].contains(tab)
        live = isLive ? Live(of: provider.pk, known: health.stateText) : nil
    }

    private static func outstanding(_ item: ProviderStateView.Item, _ health: ProviderHealth) -> Outstanding {
        let provider = health.provider.pk
        let address: Address? =
            switch item.matter {
            case "application": .applications
            case "filter_group", "dry_run": Address.provider(provider).edit
            case "approval": health.guardState.waiting.first.map { .run($0.pk) }
            case "failures", "refusals", "retries", "quarantine": .provider(provider, .failures)
            case "full_sync", "request", "left_undone", "restore": .provider(provider, .runs)
            case "pause": .provider(provider, .schedule)
            default: nil
            }
        return Outstanding(words: item.sentence, address: address)
    }

    /// A page of the provider, below its name.
    ///
    /// - Parameter status: 422 if a form is shown again with errors.
    func response(_ page: some PageModel, _ texts: Texts, status: Int = 200) -> PageResponse {
        let trail = [PageLink(title: texts("places.providers"), address: .providers)]
        return .page(PageContent(page, title: provider.name, place: "providers", trail: trail), status: status)
    }
}
