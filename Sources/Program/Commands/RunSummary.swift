import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayStore

/// What a run planned and did: counts, and what needs a person.
struct RunSummary {
    let run: Run
    let counts: [ActionCount]
    /// The first objects that failed or will be retried.
    let problems: [StoredAction]
    /// Why objects failed, the most frequent cause first, with the first objects of each.
    let causes: ListPage<FailureCause>
    /// The provider, if this is its first sync and waits for a person.
    let firstSyncOf: String?
    /// What a person reads if a signal stopped the run.
    var stop: StoppedRun?

    static let problemLimit = 20
    private static let causeLimit = 10
    private static let exampleLimit = 3

    static func load(_ run: RunID, from store: Store) async throws -> RunSummary {
        try await store.read { transaction in
            guard let found = try transaction.run(run) else { throw StoreError.notFound("run", run.text) }
            return RunSummary(
                run: found,
                counts: try transaction.actionCounts(of: run),
                problems: try transaction.actions(
                    of: run,
                    statuses: OutcomeStatus.unfinished,
                    after: 0,
                    limit: problemLimit
                ),
                causes: try transaction.failureCauses(
                    ofRun: run,
                    ListSlice(offset: 0, limit: causeLimit),
                    examples: exampleLimit
                ),
                firstSyncOf: try transaction.waitsForFirstSync(found) ? transaction.provider(found.provider)?.name : nil
            )
        }
    }

    func count(_ verb: ActionVerb, _ kind: ObjectKind, _ statuses: Set<OutcomeStatus>) -> Int {
        counts.filter { $0.verb == verb && $0.kind == kind && statuses.contains($0.status) }.reduce(0) { $0 + $1.count }
    }

    /// Objects that failed or wait for a retry.
    var failureCount: Int {
        counts.filter { $0.status.isUnfinished }.reduce(0) { $0 + $1.count }
    }

    /// Requests that change something in the tenant.
    var writes: Int {
        counts.filter { [.applied, .unchanged, .planned].contains($0.status) }.reduce(0) {
            $0 + $1.verb.writes * $1.count
        }
    }

    /// The exit status of a command that ran this run; nil if everything is done.
    var ending: ExitCode? {
        if let stop { return stop.exitCode }
        if run.status == .awaitingApproval { return ExitStatus.awaitingApproval }
        if run.status == .canceled { return ExitStatus.failed }
        return failureEnding
    }

    /// The exit status that single objects lead to.
    var failureEnding: ExitCode? { failureCount > 0 ? ExitStatus.withFailures : nil }

    var json: JSONValue {
        [
            "run": .string(run.id.text), "status": .string(run.status.rawValue), "message": .string(run.message),
            "trigger": .string(run.trigger.rawValue), "is_first_sync": .bool(firstSyncOf != nil),
            "started": .string(run.startedAt.text),
            "finished": JSONValue(run.finishedAt?.text), "examined_users": .integer(Int64(run.examinedUsers)),
            "examined_groups": .integer(Int64(run.examinedGroups)), "writes": .integer(Int64(writes)),
            "counts": .array(counts.map(\.json)),
            "causes": .array(
                causes.rows.map { cause in
                    [
                        "cause": .string(cause.key.text), "kind": .string(cause.key.kind.rawValue),
                        "attribute": JSONValue(cause.key.attribute), "message": .string(cause.message),
                        "remedy": .string(cause.remedy), "count": .integer(Int64(cause.count)),
                        "first": JSONValue(cause.examples.map(\.name)),
                    ]
                }
            ),
            "problems": .array(
                problems.map { problem in
                    [
                        "kind": .string(problem.action.kind.rawValue), "name": .string(problem.action.name),
                        "action": .string(problem.action.verb.rawValue),
                        "outcome": .string(problem.outcome.status.rawValue),
                        "attribute": JSONValue(problem.outcome.attribute),
                        "message": .string(problem.outcome.message), "remedy": .string(problem.outcome.remedy),
                    ]
                }
            ),
        ]
    }
}

extension Output {
    /// Prints a run that applied what an earlier run had held back, and that earlier run before it.
    func print(_ summary: RunSummary, afterApproving first: RunSummary) {
        if isJSON, case .object(var json) = summary.json {
            json["approved_run"] = first.json
            return print(.object(json))
        }
        print(first)
        print("\nApproved; the held changes are applied now.\n")
        print(summary)
    }

    /// Prints a run: its counts as a table, then what needs a person.
    ///
    /// - Parameter isListed: whether its actions follow, so that it does not say how to list them.
    func print(_ summary: RunSummary, isListed: Bool = false) {
        if isJSON { return print(summary.json) }
        var table = Table(("Action", .left), ("Kind", .left), ("Outcome", .left), ("Count", .right))
        for count in summary.counts {
            table.add(count.verb.rawValue, count.kind.rawValue, count.status.rawValue, "\(count.count)")
        }
        if let stop = summary.stop {
            if !table.rows.isEmpty { print(table, orIfEmpty: "") }
            return stop.sentences.forEach { print($0) }
        }
        let examined = "\(summary.run.examinedUsers) users and \(summary.run.examinedGroups) groups checked"
        let isWhole = ![.interrupted, .failed, .canceled].contains(summary.run.status)
        let result = isWhole ? ": the tenant matches the directory, there is nothing to do." : "."
        print(table, orIfEmpty: examined + result)
        if !table.rows.isEmpty { print(examined + ".") }
        if !summary.run.message.isEmpty { print(summary.run.message) }
        if summary.run.status == .awaitingApproval {
            let id = summary.run.id.text
            let review = isListed ? "" : "Review: causeway plan show \(id); then "
            if let provider = summary.firstSyncOf {
                print("\(review)start it: causeway sync '\(provider)'".capitalizedAtStart)
            } else {
                print(
                    "\(review)approve: causeway plan approve \(id); or reject: causeway plan reject \(id)"
                        .capitalizedAtStart
                )
            }
        }
        guard !summary.problems.isEmpty else { return }
        print("")
        for cause in summary.causes.rows { printLines(of: cause) }
        let rest = summary.causes.count - summary.causes.rows.count
        if rest > 0 { print("and \(rest.counted("more cause"))") }
        if !isListed { print("Every object: causeway plan show \(summary.run.id.text) --all") }
    }

    /// A cause: the number and kind of its objects, what happened, what to do, and the first objects.
    private func printLines(of cause: FailureCause) {
        let count = terminal.paint(cause.count.counted(cause.key.kind.rawValue), .bold)
        print("\(count): \([cause.message, cause.remedy].filter { !$0.isEmpty }.joined(separator: " "))")
        let names = cause.examples.map(\.name).joined(separator: ", ")
        let others = cause.count - cause.examples.count
        print("    \(names)\(others > 0 ? ", and \(others) more" : "")")
    }
}

extension String {
    fileprivate var capitalizedAtStart: String { prefix(1).uppercased() + dropFirst() }
}
