import CausewayJSON

/// The figures of the Graph client and the emulated tenant, each with its target.
struct GraphFigures {

    /// Measures in turn, and passes on each row when it is done.
    func measure(_ row: (Figure) -> Void) throws {
        for applications in [1, 3] { try measurePacing(applications, row) }
        let requests = try Measurement.run("requests")
        row(Figure("writes in batches, client and tenant", .rate(requests["batched_writes_per_second"]), target: "–"))
        row(Figure("single reads, client and tenant", .rate(requests["single_reads_per_second"]), target: "–"))
        try measureMemory(row)
        try measureCapacity(row)
    }

    private func measurePacing(_ applications: Int, _ row: (Figure) -> Void) throws {
        let writes = applications == 1 ? 12_000 : 30_000
        let pacing = try Measurement.run("pacing", "--applications", "\(applications)", "--writes", "\(writes)")
        let name = applications == 1 ? "one app registration" : "\(applications) app registrations"
        let ratio = Figure.number(pacing["ratio"])
        row(Figure("time ÷ the least under throttling, \(name)", .ratio(ratio), target: "≤ 1.05"))
        row(Figure("calls throttled, \(name)", .percent(pacing["throttled_share"]), target: "≤ 1%"))
    }

    private func measureMemory(_ row: (Figure) -> Void) throws {
        let peaks = try [1000, 300_000].map { users in
            Figure.number(try Measurement.run("memory", "--users", "\(users)")["client_peak_megabytes"])
        }
        row(Figure("client's memory with 1,000 users", .megabytes(peaks[0]), target: "–"))
        row(Figure("client's memory with 300,000 users", .megabytes(peaks[1]), target: "the same"))
        row(Figure("the one ÷ the other", .ratio(peaks[1] / max(1, peaks[0]), places: 2), target: "about 1"))
    }

    private func measureCapacity(_ row: (Figure) -> Void) throws {
        let capacity = try Measurement.run("capacity")
        let (first, last) = ("first_tenth_writes_per_second", "last_tenth_writes_per_second")
        let peak = Figure.Value.megabytes(capacity["tenant_peak_megabytes"])
        row(Figure("tenant's memory, 300,000 users, 3,000,000 memberships", peak, target: "< 2048 MB"))
        let slowing = Figure.number(capacity[last]) / max(1, Figure.number(capacity[first]))
        row(Figure("its last tenth of writes ÷ the first, a second", .ratio(slowing, places: 2), target: "about 1"))
    }
}
