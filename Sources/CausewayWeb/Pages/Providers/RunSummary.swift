import CausewayJSON

/// A run as lists and pages show it.
struct RunSummary: Sendable {
    let json: JSONValue
    /// Actions that were done, that failed, and all.
    let done: Int
    let failed: Int
    let total: Int

    /// - Parameter run: as the API tells of it.
    init(_ run: JSONValue, _ texts: Texts) {
        let status = run["status"]?.string ?? ""
        let counts = run["counts"]?.array ?? []
        func sum(_ isWanted: (JSONValue) -> Bool) -> Int {
            counts.filter(isWanted).reduce(0) { $0 + Int($1["count"]?.integer ?? 0) }
        }
        func outcome(_ words: Set<String>) -> Int { sum { words.contains($0["outcome"]?.string ?? "") } }
        done = outcome(["applied", "unchanged"])
        failed = outcome(["failed", "retry"])
        total = sum { _ in true }
        let settled = total - outcome(["planned", "sent"])
        json = [
            "pk": run["pk"] ?? .null, "address": .string("\(RunPages.address)\(run["pk"]?.string ?? "")/"),
            "trigger": .string(texts("triggers.\(run["trigger"]?.string ?? "")")),
            "status": .string(Self.shapes[status] ?? "none"), "status_words": .string(texts("run_states.\(status)")),
            "is_final": run["is_final"] ?? false, "message": run["message"] ?? .null,
            "started": Formatting.time(run["started"]?.string) ?? .null,
            "finished": Formatting.time(run["finished"]?.string) ?? .null,
            "done": .string(Formatting.number(done)), "failed": .string(Formatting.number(failed)),
            "has_failed": .bool(failed > 0), "is_applying": .bool(status == "applying" && total > 0),
            "settled": .integer(Int64(settled)), "total": .integer(Int64(total)),
            "progress": .string(
                status == "applying" && total > 0
                    ? texts(
                        "runs.progress",
                        ["done": Formatting.number(settled), "total": Formatting.number(total)]
                    ) : texts("run_states.\(status)")
            ),
            "events": .string("/api/v3/causeway/runs/\(run["pk"]?.string ?? "")/events/"),
            "examined": .string(
                ["users", "groups"].map { kind in
                    texts("runs.\(kind)", count: Int(run["examined_\(kind)"]?.integer ?? 0))
                }.joined(separator: ", ")
            ),
        ]
    }

    /// The icon of each status, next to its label.
    private static let shapes = [
        "discovering": "working", "planning": "working", "applying": "working", "planned": "dry_run",
        "awaiting_approval": "waiting", "succeeded": "in_step", "warning": "warning", "failed": "failing",
        "interrupted": "failing", "approved": "in_step", "rejected": "none", "superseded": "none", "expired": "none",
    ]
}
