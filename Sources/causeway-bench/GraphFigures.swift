import CausewayJSON

/// The figures of the Graph client and the emulated tenant, each with its target.
struct GraphFigures {

    /// Measures in turn, and passes on each row when it is done.
    func measure(_ row: (Figure) -> Void) throws {
        for applications in [1, 3] { try measurePacing(applications, row) }
        let requests = try Measurement.run("requests")
        let writes = Figure.Value.rate(requests["batched_writes_per_second"])
        row(Figure("requests.batched_writes", "writes in batches, client and tenant", writes, target: "–"))
        let reads = Figure.Value.rate(requests["single_reads_per_second"])
        row(Figure("requests.single_reads", "single reads, client and tenant", reads, target: "–"))
        try measureMemory(row)
        try measureCapacity(row)
    }

    private func measurePacing(_ applications: Int, _ row: (Figure) -> Void) throws {
        let writes = applications == 1 ? 12_000 : 30_000
        let pacing = try Measurement.run("pacing", "--applications", "\(applications)", "--writes", "\(writes)")
        let name = applications == 1 ? "one app registration" : "\(applications) app registrations"
        let (key, ratio) = ("pacing.\(applications)", Figure.Value.ratio(Figure.number(pacing["ratio"])))
        row(Figure("\(key).time_ratio", "time ÷ the least under throttling, \(name)", ratio, target: "≤ 1.05"))
        let throttled = Figure.Value.percent(pacing["throttled_share"])
        row(Figure("\(key).throttled", "calls throttled, \(name)", throttled, target: "≤ 1%"))
    }

    private func measureMemory(_ row: (Figure) -> Void) throws {
        let peaks = try [1000, 300_000].map { users in
            Figure.number(try Measurement.run("memory", "--users", "\(users)")["client_peak_megabytes"])
        }
        row(Figure("memory.1000", "client's memory with 1,000 users", .megabytes(peaks[0]), target: "–"))
        row(Figure("memory.300000", "client's memory with 300,000 users", .megabytes(peaks[1]), target: "the same"))
        let ratio = Figure.Value.ratio(peaks[1] / max(1, peaks[0]), places: 2)
        row(Figure("memory.ratio", "the one ÷ the other", ratio, target: "about 1"))
    }

    private func measureCapacity(_ row: (Figure) -> Void) throws {
        let capacity = try Measurement.run("capacity")
        let peak = Figure.Value.megabytes(capacity["tenant_peak_megabytes"])
        let words = "tenant's memory, 300,000 users, 3,000,000 memberships"
        row(Figure("capacity.tenant_memory", words, peak, target: "< 2048 MB"))
        let (first, last) = ("first_tenth_writes_per_second", "last_tenth_writes_per_second")
        let slowing = Figure.number(capacity[last]) / max(1, Figure.number(capacity[first]))
        let ratio = Figure.Value.ratio(slowing, places: 2)
        row(Figure("capacity.slowing", "its last tenth of writes ÷ the first, a second", ratio, target: "about 1"))
    }
}
