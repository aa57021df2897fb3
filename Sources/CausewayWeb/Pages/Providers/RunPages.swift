import CausewayAPI
import CausewayJSON
import HTTPTypes

/// A run: its plan, its result, and the decisions about it.
struct RunPages: Sendable {
    let texts: Texts

    static let address = "/if/admin/runs/"

    private static let outcomes = ["planned", "held", "sent", "applied", "unchanged", "skipped", "retry", "failed"]
    private static let decisions = ["approve", "reject", "apply"]

    var routes: [PageRoute] {
        let one = Self.address + "{run}/"
        return [
            PageRoute(.get, one) { try await show($0) },
            PageRoute(.get, one + "{decision}/") { try await confirm($0) },
            PageRoute(.post, one + "{decision}/") { try await decide($0) },
        ]
    }

    private func run(_ request: PageRequest) async throws -> JSONValue {
        try await request.api.send(.get, "/causeway/runs/\(request.value("run").urlPathPart)/").expected()
    }

    private func provider(of run: JSONValue, _ request: PageRequest) async -> JSONValue {
        let id = run["provider"].map(ListView.plain) ?? ""
        return await request.api.send(.get, "/providers/microsoft_entra/\(id)/").body
    }

    private func trail(_ run: JSONValue, _ provider: JSONValue) -> [(title: String, address: String)] {
        let id = run["provider"].map(ListView.plain) ?? ""
        let page = "\(ProviderPages.address)\(id)/"
        return [
            (texts("places.providers"), ProviderPages.address), (provider["name"]?.string ?? id, page),
            (texts("provider.tabs.runs"), "\(page)runs/"),
        ]
    }

    private func show(_ request: PageRequest) async throws -> PageResponse {
        let run = try await run(request)
        let outcome = request.query["outcome"].flatMap { Self.outcomes.contains($0) ? $0 : nil }
        let path = "/causeway/runs/\(request.value("run").urlPathPart)/actions/"
        let actions = try await request.api.send(.get, path.adding(filter(outcome, request.query))).expected()
        let isFiltered = ["outcome", "action", "search"].contains { request.query[$0]?.isEmpty == false }
        let (status, isFinal) = (run["status"]?.string ?? "", run["is_final"]?.bool == true)
        let provider = await provider(of: run, request)
        let isShownPlan = status == "planned" && hasPlanned(run)
        let values: [String: JSONValue] = [
            "run": RunSummary(run, texts).json, "counts": .array(counts(run)),
            "actions": .array((actions["results"]?.array ?? []).map(action)),
            "has_actions": .bool(actions["results"]?.array?.isEmpty == false),
            "pages": Paging(actions["pagination"], request, texts).json,
            "outcomes": .array(outcomes(run, chosen: outcome, request)),
            "is_waiting": .bool(status == "awaiting_approval"),
            "is_shown_plan": .bool(isShownPlan && provider["dry_run"]?.bool != true),
            "is_dry_run_plan": .bool(isShownPlan && provider["dry_run"]?.bool == true),
            "edit": .string("\(ProviderPages.address)\(run["provider"].map(ListView.plain) ?? "")/edit/"),
            "base": .string(request.address),
            "empty": .string(texts("runs.empty.\(isFiltered ? "filtered" : isFinal ? "all" : "running")")),
            "nothing": .string(texts(isFinal ? "runs.nothing" : "runs.empty.running")),
            "is_filtered": .bool(isFiltered), "outcome": JSONValue(outcome),
            "search": .string(request.query["search"] ?? ""),
            "actions_to_choose": .array(actionsToChoose(run, request.query["action"] ?? "")),
        ]
        let started = Formatting.time(run["started"]?.string)?["exact"]?.string ?? ""
        let title = texts("runs.title", ["started": started])
        return .page(
            PageContent("run", title: title, place: "providers", trail: trail(run, provider), values)
        )
    }

    /// Whether anything is left to be carried out; an empty plan is not offered.
    private func hasPlanned(_ run: JSONValue) -> Bool {
        (run["counts"]?.array ?? []).contains { $0["outcome"] == "planned" && $0["count"] != 0 }
    }

    /// The filter for the API; an action is identified by its verb and the kind of its object.
    private func filter(_ outcome: String?, _ query: FormFields) -> [(name: String, value: String)] {
        var items = [(name: "page_size", value: "50"), (name: "page", value: "\(query.page)")]
        if let outcome { items.append(("outcome", outcome)) }
        if let search = query["search"], !search.isEmpty { items.append(("search", search)) }
        let action = (query["action"] ?? "").split(separator: ":").map(String.init)
        if action.count == 2 { items += [("action", action[0]), ("kind", action[1])] }
        return items
    }

    private func actionsToChoose(_ run: JSONValue, _ chosen: String) -> [JSONValue] {
        var seen: Set<String> = []
        return (run["counts"]?.array ?? []).compactMap { count in
            let (verb, kind) = (count["action"]?.string ?? "", count["kind"]?.string ?? "")
            let value = "\(verb):\(kind)"
            guard seen.insert(value).inserted else { return nil }
            return [
                "value": .string(value), "label": .string(texts("actions.\(verb).\(kind)")),
                "is_chosen": .bool(value == chosen),
            ]
        }
    }

    /// How many of each kind, with the harmless first.
    private func counts(_ run: JSONValue) -> [JSONValue] {
        (run["counts"]?.array ?? []).map { count in
            let (verb, kind) = (count["action"]?.string ?? "", count["kind"]?.string ?? "")
            return [
                "words": .string(texts("actions.\(verb).\(kind)")),
                "outcome": .string(texts("outcomes.\(count["outcome"]?.string ?? "")")),
                "count": .string(Formatting.number(Int(count["count"]?.integer ?? 0))),
            ]
        }
    }

    private func outcomes(_ run: JSONValue, chosen: String?, _ request: PageRequest) -> [JSONValue] {
        let present = Set((run["counts"]?.array ?? []).compactMap { $0["outcome"]?.string })
        let words: [String?] = [nil] + Self.outcomes.filter(present.contains)
        return words.map { word in
            [
                "title": .string(word.map { texts("outcomes.\($0)") } ?? texts("lists.all")),
                "address": .string(
                    "\(request.address)?\(request.query.text(replacing: ["outcome": word, "page": nil]))"
                ),
                "is_current": .bool(word == chosen),
            ]
        }
    }

    private func action(_ action: JSONValue) -> JSONValue {
        let (verb, kind) = (action["action"]?.string ?? "", action["kind"]?.string ?? "")
        let outcome = action["outcome"]?.string ?? ""
        let changes = Self.changes(of: action)
        let page = action["object"]?.string.map { object in
            kind == "user" ? "\(UserPages.address)\(object)/" : "\(GroupPages.address)\(object)/"
        }
        return [
            "verb": .string(texts("actions.\(verb).\(kind)")), "is_dangerous": action["dangerous"] ?? false,
            "name": action["name"] ?? .null, "address": JSONValue(page),
            "reason": .string(
                texts.find("reasons.\(action["reason"]?.string ?? "")") ?? action["reason"]?.string ?? ""
            ),
            "detail": action["detail"] ?? .null, "outcome": .string(texts("outcomes.\(outcome)")),
            "shape": .string(Self.shapes[outcome] ?? "none"), "message": action["message"] ?? .null,
            "remedy": action["remedy"] ?? .null, "changes": .array(changes), "has_changes": .bool(!changes.isEmpty),
        ]
    }

    /// What an action changes, with old and new values.
    static func changes(of action: JSONValue) -> [JSONValue] {
        (action["changes"]?.array ?? []).map { change in
            [
                "attribute": change["attribute"] ?? .null, "old": .string(ProviderPages.shown(change["old"])),
                "new": .string(ProviderPages.shown(change["new"])),
            ]
        }
    }

    private static let shapes = [
        "applied": "in_step", "unchanged": "in_step", "failed": "failing", "retry": "warning", "sent": "working",
        "held": "waiting", "planned": "dry_run",
    ]

    // MARK: Decisions

    /// A page of its own, so that nothing is deleted without saying what and how many.
    private func confirm(_ request: PageRequest) async throws -> PageResponse {
        let decision = request.value("decision")
        guard Self.decisions.contains(decision) else { throw PageError.notFound }
        try request.requireOperator()
        let run = try await run(request)
        let outcome = decision == "apply" ? "planned" : "held"
        let path = "/causeway/runs/\(request.value("run").urlPathPart)/actions/?outcome=\(outcome)&page_size=10"
        let actions = try await request.api.send(.get, path).expected()
        let count = Int(actions["pagination"]?["count"]?.integer ?? 0)
        let names = (actions["results"]?.array ?? []).map { action -> JSONValue in
            let verb = texts("actions.\(action["action"]?.string ?? "").\(action["kind"]?.string ?? "")")
            return .string("\(verb): \(action["name"]?.string ?? "")")
        }
        let back = "\(Self.address)\(request.value("run").urlPathPart)/"
        let title = texts("decisions.\(decision).question", count: count)
        let values: [String: JSONValue] = [
            "question": .string(title), "consequence": .string(texts("decisions.\(decision).consequence")),
            "uses": .array(names), "is_used": .bool(!names.isEmpty),
            "submit": .string(texts("decisions.\(decision).verb", count: count)), "cancel": .string(back),
            "action": .string(request.address), "uses_title": .string(texts("decisions.first")),
        ]
        let trail = trail(run, await provider(of: run, request)) + [(title: texts("runs.short"), address: back)]
        return .page(PageContent("confirm", title: title, place: "providers", trail: trail, values))
    }

    private func decide(_ request: PageRequest) async throws -> PageResponse {
        let decision = request.value("decision")
        guard Self.decisions.contains(decision) else { throw PageError.notFound }
        let run = request.value("run").urlPathPart
        let answer = try await request.api.send(.post, "/causeway/runs/\(run)/\(decision)/").expected()
        return .redirect("\(Self.address)\(answer["pk"]?.string ?? run)/", done: "decisions.\(decision)")
    }
}
