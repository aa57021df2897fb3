import Foundation

/// The figures of the Graph client and the emulated tenant, each with its target.
struct GraphFigures {
    private let program: ProgramUnderTest

    init(_ program: ProgramUnderTest) { self.program = program }

    /// Measures one after the other, handing over each row as it comes.
    func measure(_ row: (Figures.Row) -> Void) throws {
        for applications in [1, 3] { try measurePacing(applications, row) }
        let requests = try program.json(["measure", "requests"])
        row(("writes in batches, client and tenant", rate(requests["batched_writes_per_second"]), "–"))
        row(("single reads, client and tenant", rate(requests["single_reads_per_second"]), "–"))
        try measureMemory(row)
        try measureCapacity(row)
    }

    private func measurePacing(_ applications: Int, _ row: (Figures.Row) -> Void) throws {
        let writes = applications == 1 ? 12_000 : 30_000
        let pacing = try program.json([
            "measure", "pacing", "--applications", "\(applications)", "--writes", "\(writes)",
        ])
        let name = applications == 1 ? "one app registration" : "\(applications) app registrations"
        row(("time ÷ the least under throttling, \(name)", String(format: "%.3f", number(pacing["ratio"])), "≤ 1.05"))
        let share = String(format: "%.2f %%", number(pacing["throttled_share"]) * 100)
        row(("calls throttled, \(name)", share, "≤ 1 %"))
    }

    private func measureMemory(_ row: (Figures.Row) -> Void) throws {
        let peaks = try [1000, 300_000].map { users in
            number(try program.json(["measure", "memory", "--users", "\(users)"])["client_peak_megabytes"])
        }
        row(("client's memory with 1,000 users", String(format: "%.0f MB", peaks[0]), "–"))
        row(("client's memory with 300,000 users", String(format: "%.0f MB", peaks[1]), "the same"))
        row(("the one ÷ the other", String(format: "%.2f", peaks[1] / max(1, peaks[0])), "about 1"))
    }

    private func measureCapacity(_ row: (Figures.Row) -> Void) throws {
        let capacity = try program.json(["measure", "capacity"])
        let (first, last) = ("first_tenth_writes_per_second", "last_tenth_writes_per_second")
        let peak = String(format: "%.0f MB", number(capacity["tenant_peak_megabytes"]))
        row(("tenant's memory, 300,000 users, 3,000,000 memberships", peak, "< 2048 MB"))
        let slowing = String(format: "%.2f", number(capacity[last]) / max(1, number(capacity[first])))
        row(("its last tenth of writes ÷ the first, a second", slowing, "about 1"))
    }

    private func number(_ value: Any?) -> Double { (value as? NSNumber)?.doubleValue ?? 0 }
    private func rate(_ value: Any?) -> String { "\(Int(number(value).rounded()))/s" }
}
