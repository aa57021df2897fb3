import CausewayJSON

/// The figures of the mappings and the engine, each with its target.
struct EngineFigures {
    private let users: Int

    init(users: Int) { self.users = users }

    /// Measures in turn.
    ///
    /// - Parameters:
    ///   - row: receives each figure when it is measured.
    ///   - record: receives what is only recorded.
    func measure(_ row: (Figure) -> Void, record: (FigureRecord) -> Void) throws {
        let mapping = try Measurement.run("mapping", "--count", "200000")
        let rate = Figure.Value.rate(mapping["rate"])
        row(Figure("mapping.rate", "mapping evaluation, both sides of the pipe", rate, target: "≥ 100000/s"))
        let start = Figure.Value.milliseconds(mapping["start_milliseconds"])
        row(Figure("mapping.start", "start of a mapping worker", start, target: "< 100 ms"))
        row(Figure("mapping.worker_memory", "its memory", .megabytes(mapping["worker_megabytes"]), target: "–"))
        try measureHostile(row)
        try measureSyncs(row, record)
        try measureLists(row)
        try LatencyFigures().measure(row)
    }

    private func measureHostile(_ row: (Figure) -> Void) throws {
        let hostile = try Measurement.run("hostile")
        let succeeded = Figure.Value.count(hostile["succeeded"])
        row(Figure("hostile.succeeded", "hostile mappings that got through", succeeded, target: "0"))
        let growth = Figure.Value.megabytes(hostile["memory_growth_megabytes"])
        row(Figure("hostile.memory_growth", "memory growth under hostile mappings", growth, target: "–"))
        let quiet = max(0.001, Figure.number(hostile["page_median_milliseconds"]))
        let ratio = Figure.Value.ratio(Figure.number(hostile["page_median_milliseconds_under_load"]) / quiet, places: 2)
        row(Figure("hostile.page_ratio", "an ordinary page under hostile mappings ÷ without", ratio, target: "–"))
    }

    private func measureLists(_ row: (Figure) -> Void) throws {
        let lists = try Measurement.run("lists")
        for (name, times) in (lists.object ?? [:]).sorted(by: { $0.key < $1.key }) where times.object != nil {
            let isPage = name.hasPrefix("html_")
            let words = name.replacing("html_", with: "").replacing("_", with: " ")
            row(
                Figure(
                    "lists.\(name).p99",
                    "300,000 users \(isPage ? "in the admin interface" : "over the API"), \(words), p99",
                    .milliseconds(times["p99_milliseconds"]),
                    target: isPage ? "≤ 150 ms" : "≤ 100 ms"
                )
            )
        }
    }

    private func measureSyncs(_ row: (Figure) -> Void, _ record: (FigureRecord) -> Void) throws {
        let result = try Measurement.run("sync", "--users", "\(users)")
        for cost in GrowthCost.all { record(cost.record(try cost.value(in: result))) }
        let (plan, first) = (try part("plan", result), try part("first_sync", result))
        let objects = Figure.number(first["users"]) + Figure.number(first["groups"])
        let planRate = Figure.Value.rate(objects / Figure.number(plan["seconds"]))
        row(Figure("plan.rate", "plan of a first sync", planRate, target: "–"))
        let syncRate = Figure.Value.rate(objects / Figure.number(first["seconds"]))
        row(Figure("first_sync.rate", "first sync, unthrottled", syncRate, target: "≥ 1500/s"))
        let ratio = Figure.Value.ratio(Figure.number(first["writes"]) / max(1, Figure.number(result["fewest_writes"])))
        row(Figure("first_sync.writes_ratio", "writes of the first sync ÷ W_bind", ratio, target: "1.000"))
        row(Figure(nil, "memory of the first sync", .megabytes(first["peak_megabytes"]), target: "–"))
        try showIdleSync(try part("sync_with_nothing_to_do", result), row)
        try compare("sync_with_nothing_to_do", "a sync with nothing to do", in: result, target: "0.10", row)
        try compare("sync_after_changes", "a sync after 100 changes", in: result, target: "0.12", row)
    }

    private func showIdleSync(_ sync: JSONValue, _ row: (Figure) -> Void) throws {
        let (writes, requests) = (Figure.Value.count(sync["writes"]), Figure.Value.count(sync["requests"]))
        let key = "sync_with_nothing_to_do"
        row(Figure("\(key).writes", "writes of a sync with nothing to do", writes, target: "0"))
        row(Figure("\(key).requests", "its requests", requests, target: "one for each collection, and one to sign in"))
        row(Figure(nil, "its time", .seconds(sync["seconds"]), target: "≤ 15 s for 100,000 users"))
        row(Figure(nil, "its memory", .megabytes(sync["peak_megabytes"]), target: "≤ 250 MB"))
    }

    /// Compares a sync with one that evaluates everything, in time and in processor time.
    private func compare(
        _ name: String,
        _ words: String,
        in result: JSONValue,
        target: String,
        _ row: (Figure) -> Void
    ) throws {
        let (sync, whole) = (try part(name, result), try part("sync_of_everything", result))
        for (key, kind) in [("seconds", "time"), ("processor_seconds", "processor time")] {
            let ratio = Figure.Value.ratio(Figure.number(sync[key]) / max(0.001, Figure.number(whole[key])), places: 2)
            row(Figure("\(name).\(key)_ratio", "\(words) ÷ one of everything, \(kind)", ratio, target: "≤ \(target)"))
        }
    }

    private func part(_ name: String, _ result: JSONValue) throws -> JSONValue {
        guard let part = result[name], part.object != nil else { throw BenchError("a measurement has no '\(name)'") }
        return part
    }
}
