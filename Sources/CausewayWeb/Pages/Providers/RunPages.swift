import CausewayAPI
import CausewayJSON
import HTTPTypes

/// A run: its plan, its result, and the decisions about it.
struct RunPages: Sendable {
    let texts: Texts

    private static let outcomes = ["planned", "held", "sent", "applied", "unchanged", "skipped", "retry", "failed"]
    /// Decisions with a question before them.
    private static let questions = ["approve", "reject", "apply"]
    private static let decisions = questions + ["cancel"]
    /// The actions that suspend, delete or remove something.
    private static let takingAway: Set<String> = ["suspend", "delete", "remove_member"]

    var routes: [PageRoute] {
        let one = Address.run("{run}")
        return [
            PageRoute(.get, one) { try await show($0) },
            PageRoute(.get, one("{decision}")) { try await confirm($0) },
            PageRoute(.post, one("{decision}")) { try await decide($0) },
        ]
    }

    private func source(_ request: PageRequest) -> String { "/causeway/runs/\(request.value("run").urlPathPart)/" }

    /// The provider; nil if it was deleted or the user may not see it.
    private func provider(of run: RunView, _ request: PageRequest) async throws -> ProviderView? {
        let answer = await request.api.send(.get, "/providers/microsoft_entra/\(run.provider)/")
        return answer.status == 200 ? try answer.expected(as: ProviderView.self) : nil
    }

    private func trail(_ run: RunView, _ provider: ProviderView?) -> [PageLink] {
        [
            PageLink(title: texts("places.providers"), address: .providers),
            PageLink(title: provider?.name ?? "\(run.provider)", address: .provider(run.provider)),
            PageLink(title: texts("provider.tabs.runs"), address: .provider(run.provider, .runs)),
        ]
    }

    private func show(_ request: PageRequest) async throws -> PageResponse {
        let run = try await request.api.get(source(request), as: RunView.self)
        let outcome = request.query["outcome"].flatMap { Self.outcomes.contains($0) ? $0 : nil }
        let path = "\(source(request))actions/".adding(filter(outcome, request.query))
        let actions = try await request.api.get(path, as: ResultPage<ActionView>.self)
        let isFiltered = ["outcome", "action", "search"].contains { request.query[$0]?.isEmpty == false }
        let provider = try await provider(of: run, request)
        // An empty plan cannot be applied.
        let hasPlan = run.status == "planned" && run.counts.contains { $0.outcome == "planned" && $0.count != 0 }
        let isDryRun = provider?.dryRun == true
        let (approval, live) = try await approval(of: run, request)
        let page = RunPage(
            run: ShownRun(run, texts),
            approval: approval,
            live: live,
            counts: run.counts.map(count),
            actions: actions.results.map { ActionRow($0, texts) },
            hasActions: !actions.results.isEmpty,
            pages: Paging(actions.pagination, request, texts),
            outcomes: outcomes(run, chosen: outcome, request),
            isWaiting: run.status == "awaiting_approval",
            isShownPlan: hasPlan && !isDryRun,
            isDryRunPlan: hasPlan && isDryRun,
            edit: Address.provider(run.provider).edit,
            base: request.address,
            empty: texts("runs.empty.\(isFiltered ? "filtered" : run.isFinal ? "all" : "running")"),
            nothing: texts(run.isFinal ? "runs.nothing" : "runs.empty.running"),
            isFiltered: isFiltered,
            outcome: outcome,
            search: request.query["search"] ?? "",
            actionsToChoose: actionsToChoose(run, request.query["action"] ?? "")
        )
        let started = page.run.started.map { request.viewer.exact($0.date) }
        let key = run.status == "awaiting_approval" ? "waiting_title" : run.status == "planned" ? "plan_title" : "title"
        let title = texts("runs.\(key)", ["started": started ?? ""])
        return .page(PageContent(page, title: title, place: "providers", trail: trail(run, provider)))
    }

    /// How far the approval is applied, and the stream for as long as that changes.
    private func approval(of run: RunView, _ request: PageRequest) async throws -> (ShownApproval?, ProviderFrame.Live?)
    {
        guard let approval = run.approval else { return (nil, nil) }
        // Before the rest, so that no change in between is missed.
        let state =
            approval.ended == nil ? await request.api.send(.get, "/causeway/providers/\(run.provider)/state/") : nil
        var applying: RunView?
        if let key = approval.appliedBy {
            let answer = await request.api.send(.get, "/causeway/runs/\(key.urlPathPart)/")
            applying = answer.status == 200 ? try answer.expected(as: RunView.self) : nil
        }
        let shown = ShownApproval(approval, applying, request.viewer)
        guard shown?.isOpen == true, let state, state.status == 200 else { return (shown, nil) }
        let known = try state.expected(as: JSONValue.self).text
        return (shown, ProviderFrame.Live(of: run.provider, known: known))
    }

    /// The filter for the API. It identifies an action by its verb and the kind of its object.
    private func filter(_ outcome: String?, _ query: FormFields) -> [(name: String, value: String)] {
        var items = [(name: "page_size", value: "50"), (name: "page", value: "\(query.page)")]
        if let outcome { items.append(("outcome", outcome)) }
        if let search = query["search"], !search.isEmpty { items.append(("search", search)) }
        let action = (query["action"] ?? "").split(separator: ":").map(String.init)
        if action.count == 2 { items += [("action", action[0]), ("kind", action[1])] }
        return items
    }

    private func actionsToChoose(_ run: RunView, _ chosen: String) -> [ChoiceOption] {
        var seen: Set<String> = []
        return run.counts.compactMap { count in
            let value = "\(count.action):\(count.kind.rawValue)"
            guard seen.insert(value).inserted else { return nil }
            return ChoiceOption(value: value, label: texts.verb(count.action, count.kind), isChosen: value == chosen)
        }
    }

    private func count(_ count: RunView.Count) -> RunPage.Count {
        RunPage.Count(
            words: texts.verb(count.action, count.kind),
            outcome: texts("outcomes.\(count.outcome)"),
            count: texts.number(count.count)
        )
    }

    private func outcomes(_ run: RunView, chosen: String?, _ request: PageRequest) -> [TabLink] {
        let present = Set(run.counts.map(\.outcome))
        let words: [String?] = [nil] + Self.outcomes.filter(present.contains)
        return words.map { word in
            TabLink(
                title: word.map { texts("outcomes.\($0)") } ?? texts("lists.all"),
                address: "\(request.address)?\(request.query.text(replacing: ["outcome": word, "page": nil]))",
                isCurrent: word == chosen
            )
        }
    }

    // MARK: Decisions

    /// Asks on a page of its own that says how many objects are deleted.
    private func confirm(_ request: PageRequest) async throws -> PageResponse {
        let decision = request.value("decision")
        guard Self.questions.contains(decision) else { throw PageError.notFound }
        try request.requireOperator()
        let run = try await request.api.get(source(request), as: RunView.self)
        let outcome = decision == "apply" ? "planned" : "held"
        let path = "\(source(request))actions/?outcome=\(outcome)&page_size=10"
        let actions = try await request.api.get(path, as: ResultPage<ActionView>.self)
        let count = actions.pagination.count
        let names = actions.results.map { "\(texts.verb($0.action, $0.kind)): \($0.name)" }
        let more = count > names.count ? [texts("import.more", ["count": texts.number(count - names.count)])] : []
        let takesAway = run.counts.contains { $0.outcome == outcome && Self.takingAway.contains($0.action) }
        let consequence = decision == "approve" && run.isFirstSync ? "first_consequence" : "consequence"
        let title = texts("decisions.\(decision).question", count: count)
        let page = ConfirmPage(
            question: title,
            consequence: texts("decisions.\(decision).\(consequence)"),
            uses: names + more,
            isUsed: !names.isEmpty,
            usesTitle: texts("decisions.first"),
            submit: texts("decisions.\(decision).verb", count: count),
            cancel: .run(request.value("run")),
            action: request.address,
            isHarmless: decision == "reject" || !takesAway
        )
        let own = PageLink(title: texts("runs.short"), address: page.cancel)
        let trail = trail(run, try await provider(of: run, request)) + [own]
        return .page(PageContent(page, title: title, place: "providers", trail: trail))
    }

    private func decide(_ request: PageRequest) async throws -> PageResponse {
        let decision = request.value("decision")
        guard Self.decisions.contains(decision) else { throw PageError.notFound }
        let answer = await request.api.send(.post, "\(source(request))\(decision)/")
        // It has ended in between, as its page says.
        if decision == "cancel", answer.status == 409 { return .redirect(to: .run(request.value("run"))) }
        let run = try answer.expected(as: RunView.self)
        return .redirect(to: .run(run.pk), done: "decisions.\(decision)")
    }
}
