import CausewayJSON

/// The figures of the mappings and the engine, each with its target.
struct EngineFigures {
    private let users: Int

    init(users: Int) { self.users = users }

    /// Measures in turn, and passes on each row when it is done.
    func measure(_ row: (Figure) -> Void) throws {
        let mapping = try Measurement.run("mapping", "--count", "200000")
        row(Figure("mapping evaluation, both sides of the pipe", .rate(mapping["rate"]), target: "≥ 100000/s"))
        row(Figure("start of a mapping worker", .milliseconds(mapping["start_milliseconds"]), target: "< 100 ms"))
        row(Figure("its memory", .megabytes(mapping["worker_megabytes"]), target: "–"))
        try measureHostile(row)
        try measureSyncs(row)
        try measureLists(row)
        try measureDirect(row)
    }

    private func measureDirect(_ row: (Figure) -> Void) throws {
        let direct = try Measurement.run("direct")
        let name = "change committed → write counted by the tenant"
        row(Figure("\(name), median", .milliseconds(direct["median_milliseconds"]), target: "–"))
        row(Figure("\(name), p99", .milliseconds(direct["p99_milliseconds"]), target: "≤ 150 ms"))
        let larger = try Measurement.run("direct", "--users", "20000")
        let few = max(0.001, Figure.number(direct["median_milliseconds"]))
        let ratio = Figure.number(larger["median_milliseconds"]) / few
        row(Figure("the same, 20,000 people ÷ 1,000 people", .ratio(ratio, places: 2), target: "≤ 1.50"))
    }

    private func measureHostile(_ row: (Figure) -> Void) throws {
        let hostile = try Measurement.run("hostile")
        row(Figure("hostile mappings that got through", .count(hostile["succeeded"]), target: "0"))
        row(Figure("memory growth under hostile mappings", .megabytes(hostile["memory_growth_megabytes"]), target: "–"))
        let quiet = max(0.001, Figure.number(hostile["page_median_milliseconds"]))
        let ratio = Figure.number(hostile["page_median_milliseconds_under_load"]) / quiet
        row(Figure("an ordinary page under hostile mappings ÷ without", .ratio(ratio, places: 2), target: "–"))
    }

    private func measureLists(_ row: (Figure) -> Void) throws {
        let lists = try Measurement.run("lists")
        for (name, times) in (lists.object ?? [:]).sorted(by: { $0.key < $1.key }) where times.object != nil {
            let isPage = name.hasPrefix("html_")
            let words = name.replacing("html_", with: "").replacing("_", with: " ")
            row(
                Figure(
                    "300,000 users \(isPage ? "in the admin interface" : "over the API"), \(words), p99",
                    .milliseconds(times["p99_milliseconds"]),
                    target: isPage ? "≤ 150 ms" : "≤ 100 ms"
                )
            )
        }
    }

    private func measureSyncs(_ row: (Figure) -> Void) throws {
        let result = try Measurement.run("sync", "--users", "\(users)")
        let (first, last) = (try part("first_sync", result), try part("sync_with_nothing_to_do", result))
        let objects = Figure.number(first["users"]) + Figure.number(first["groups"])
        row(Figure("plan of a first sync", .rate(objects / Figure.number(result["plan_seconds"])), target: "–"))
        row(Figure("first sync, unthrottled", .rate(objects / Figure.number(first["seconds"])), target: "≥ 1500/s"))
        let ratio = Figure.number(first["writes"]) / max(1, Figure.number(result["fewest_writes"]))
        row(Figure("writes of the first sync ÷ W_bind", .ratio(ratio), target: "1.000"))
        row(Figure("memory of the first sync", .megabytes(first["peak_megabytes"]), target: "–"))
        row(Figure("writes of a sync with nothing to do", .count(last["writes"]), target: "0"))
        row(Figure("its requests", .count(last["requests"]), target: "one for each collection, and one to sign in"))
        row(Figure("its time", .seconds(last["seconds"]), target: "≤ 15 s for 100,000 users"))
        row(Figure("its memory", .megabytes(last["peak_megabytes"]), target: "≤ 250 MB"))
        let whole = try part("sync_of_everything", result)
        try compare("a sync with nothing to do", last, "0.10", with: whole, row)
        try compare("a sync after 100 changes", part("sync_after_changes", result), "0.12", with: whole, row)
    }

    /// Compares a sync with one that evaluates everything, in time and in processor time.
    private func compare(
        _ name: String,
        _ sync: JSONValue,
        _ target: String,
        with whole: JSONValue,
        _ row: (Figure) -> Void
    ) throws {
        for (key, words) in [("seconds", "time"), ("processor_seconds", "processor time")] {
            let ratio = Figure.number(sync[key]) / max(0.001, Figure.number(whole[key]))
            row(Figure("\(name) ÷ one of everything, \(words)", .ratio(ratio, places: 2), target: "≤ \(target)"))
        }
    }

    private func part(_ name: String, _ result: JSONValue) throws -> JSONValue {
        guard let part = result[name], part.object != nil else { throw BenchError("a measurement has no '\(name)'") }
        return part
    }
}
