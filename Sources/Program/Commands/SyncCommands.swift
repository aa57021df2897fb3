import ArgumentParser
import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import Foundation
import Logging

/// How fast a run goes.
struct PaceOptions: ParsableArguments {
    @Flag(help: "Leave pacing to the tenant's refusals, in place of Microsoft's documented limits.")
    var unpaced = false

    func runtime() throws -> ProvisioningRuntime {
        let timing = try TimingSettings(environment: ProcessInfo.processInfo.environment)
        return try .load(
            limits: unpaced ? nil : .documented,
            settling: timing.settling,
            retries: RetryPolicy(firstPause: timing.retryPause),
            logger: .program
        )
    }
}

extension Logger {
    /// The program's log: errors alone, unless CAUSEWAY_LOG_LEVEL says otherwise.
    static var program: Logger {
        var logger = Logger(label: "causeway") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel =
            ProcessInfo.processInfo.environment["CAUSEWAY_LOG_LEVEL"].flatMap { Logger.Level(rawValue: $0) } ?? .error
        return logger
    }
}

/// `causeway plan PROVIDER`
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Shows what a sync would do, attribute by attribute; changes nothing."
    )

    @Argument(help: "The provider's name.")
    var provider: String
    @Option(help: "Show an earlier run in place of making a plan.")
    var run: String?
    @Option(help: "At most so many lines; 0 for all.")
    var limit = 200
    @OptionGroup var pace: PaceOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let output = Output(output)
        let progress = Output.progress
        try await data.withStore { store in
            let provider = try await store.provider(named: provider)
            let id: RunID
            if let run {
                guard let given = RunID(text: run) else { throw UserError("'\(run)' is no run's key.") }
                id = given
            } else {
                let provisioner = Provisioner(store: store, runtime: try pace.runtime())
                defer { progress.finish() }
                let made = try await provisioner.run(
                    provider,
                    trigger: .preview,
                    mode: .planOnly,
                    progress: progress.observer
                )
                id = made.id
            }
            try await show(id, from: store, output)
        }
    }

    private func show(_ run: RunID, from store: Store, _ output: Output) async throws {
        let summary = try await RunSummary.load(run, from: store)
        var last: Int64 = 0
        var shown: [StoredAction] = []
        while limit == 0 || shown.count < limit {
            let wanted = limit == 0 ? 500 : min(500, limit - shown.count)
            let page = try await store.read { [last] in try $0.actions(of: run, after: last, limit: wanted) }
            guard let end = page.last else { break }
            shown += page
            last = end.action.sequence
        }
        if output.isJSON {
            guard case .object(var json) = summary.json else { return }
            json["actions"] = .array(shown.map(\.json))
            return output.print(.object(json))
        }
        let text = PlanText(terminal: output.terminal)
        for action in shown { for line in text.lines(for: action) { output.print(line) } }
        if limit > 0, shown.count == limit { output.print("… only the first \(limit); --limit 0 shows all.") }
        if !shown.isEmpty { output.print("") }
        output.print(summary)
    }
}

/// `causeway sync PROVIDER`
struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Makes the tenant hold what the directory says."
    )

    @Argument(help: "The provider's name.")
    var provider: String
    @Flag(help: "Carry out even what the guard would hold back.")
    var approve = false
    @OptionGroup var pace: PaceOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let progress = Output.progress
        let summary = try await data.withStore { store in
            let provider = try await store.provider(named: provider)
            let supervisor = RunSupervisor(
                store: store,
                provisioner: Provisioner(store: store, runtime: try pace.runtime())
            )
            defer { progress.finish() }
            let run = try await supervisor.run(
                provider.id,
                trigger: .manual,
                mode: approve ? .applyApproved : .apply,
                progress: progress.observer
            )
            return try await RunSummary.load(run.id, from: store)
        }
        Output(output).print(summary)
        if summary.run.status == .awaitingApproval { throw Ending.awaitingApproval }
        if summary.failureCount > 0 { throw Ending.withFailures }
    }
}

extension StoredAction {
    /// The action with its outcome, for programs.
    var json: JSONValue {
        [
            "sequence": .integer(action.sequence), "action": .string(action.verb.rawValue),
            "kind": .string(action.kind.rawValue), "name": .string(action.name),
            "object": JSONValue(action.object?.id), "entra_id": JSONValue(action.entraID?.rawValue),
            "reason": .string(action.reason.rawValue), "detail": .string(action.detail),
            "changes": .array(
                action.changes.map { ["attribute": .string($0.attribute), "old": $0.old ?? .null, "new": $0.new] }
            ),
            "members": .integer(Int64(action.members.count)), "outcome": .string(outcome.status.rawValue),
            "message": .string(outcome.message), "remedy": .string(outcome.remedy),
            "attribute": JSONValue(outcome.attribute),
        ]
    }
}
