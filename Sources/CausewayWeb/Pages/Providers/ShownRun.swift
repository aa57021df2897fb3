/// A run, as lists and pages show it.
struct ShownRun: TemplateValue {
    let pk: String
    let address: Address
    let trigger: String
    let startedBy: String?
    /// The icon of the status.
    let status: String
    let statusWords: String
    let isFinal: Bool
    let message: Message
    let started: ShownTime?
    let finished: ShownTime?
    /// When actions of it were deleted because they are old.
    let trimmed: ShownTime?
    let done: String
    let failed: String
    let hasFailed: Bool
    let isApplying: Bool
    let settled: Int
    let total: Int
    let progress: String
    /// The address of its progress.
    let events: String
    let examined: String
    /// Whether a person can cancel it.
    let mayCancel: Bool
    /// A sentence about a run that is canceled and has not ended yet.
    let canceling: String?

    init(_ run: RunView, _ texts: Texts) {
        pk = run.pk
        address = .run(run.pk)
        trigger = texts("triggers.\(run.trigger)")
        startedBy = run.startedBy
        status = Self.shapes[run.status] ?? "none"
        statusWords = texts("run_states.\(run.status)")
        isFinal = run.isFinal
        message = run.message
        started = ShownTime(run.started)
        finished = ShownTime(run.finished)
        trimmed = ShownTime(run.trimmed)
        done = texts.number(run.done)
        failed = texts.number(run.failed)
        hasFailed = run.failed > 0
        isApplying = run.status == "applying" && run.total > 0
        settled = run.settled
        total = run.total
        progress =
            isApplying
            ? texts("runs.progress", ["done": texts.number(settled), "total": texts.number(total)])
            : statusWords
        events = "/api/v3/causeway/runs/\(run.pk)/events/"
        examined = [texts("runs.users", count: run.examinedUsers), texts("runs.groups", count: run.examinedGroups)]
            .joined(separator: ", ")
        let isUnderWay = ["discovering", "planning", "applying"].contains(run.status)
        mayCancel = isUnderWay && run.cancelRequestedBy == nil
        canceling = isUnderWay ? run.cancelRequestedBy.map { texts("runs.canceling", ["name": $0]) } : nil
    }

    /// The icon of each status, next to its label.
    private static let shapes = [
        "discovering": "working", "planning": "working", "applying": "working", "planned": "dry_run",
        "awaiting_approval": "waiting", "succeeded": "in_sync", "warning": "warning", "failed": "failing",
        "interrupted": "failing", "canceled": "none", "approved": "in_sync", "rejected": "none", "superseded": "none",
        "expired": "none",
    ]
}
