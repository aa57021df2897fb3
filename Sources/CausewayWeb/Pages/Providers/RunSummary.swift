import CausewayJSON

/// A run as lists and pages show it.
struct RunSummary: Sendable {
    let json: JSONValue

    /// - Parameter run: as the API tells of it.
    init(_ run: JSONValue, _ texts: Texts) {
        let status = run["status"]?.string ?? ""
        let counts = run["counts"]?.array ?? []
        func sum(_ isWanted: (JSONValue) -> Bool) -> Int {
            counts.filter(isWanted).reduce(0) { $0 + Int($1["count"]?.integer ?? 0) }
        }
        func outcome(_ words: Set<String>) -> Int { sum { words.contains($0["outcome"]?.string ?? "") } }
        let done = outcome(["applied", "unchanged"])
        let failed = outcome(["failed", "retry"])
        json = [
            "pk": run["pk"] ?? .null, "address": .string("\(RunPages.address)\(run["pk"]?.string ?? "")/"),
            "trigger": .string(texts("triggers.\(run["trigger"]?.string ?? "")")),
            "status": .string(Self.shapes[status] ?? "none"), "status_words": .string(texts("run_states.\(status)")),
            "is_final": run["is_final"] ?? false, "message": run["message"] ?? .null,
            "started": Phrases.time(run["started"]?.string) ?? .null,
            "finished": Phrases.time(run["finished"]?.string) ?? .null,
            "done": .string(Phrases.number(done)), "failed": .string(Phrases.number(failed)),
            "has_failed": .bool(failed > 0),
            "events": .string("/api/v3/causeway/runs/\(run["pk"]?.string ?? "")/events/"),
            "examined": .string(
                texts(
                    "runs.examined",
                    [
                        "users": Phrases.number(Int(run["examined_users"]?.integer ?? 0)),
                        "groups": Phrases.number(Int(run["examined_groups"]?.integer ?? 0)),
                    ]
                )
            ),
        ]
    }

    /// The shape that stands for each status, beside its word.
    private static let shapes = [
        "discovering": "working", "planning": "working", "applying": "working", "planned": "dry_run",
        "awaiting_approval": "waiting", "succeeded": "in_step", "warning": "warning", "failed": "failing",
        "interrupted": "failing", "approved": "in_step", "rejected": "none", "superseded": "none", "expired": "none",
    ]
}
