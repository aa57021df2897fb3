import ArgumentParser
import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import Foundation
import Logging

/// How fast a run sends requests.
struct PaceOptions: ParsableArguments {
    @Flag(help: "Slow down only when the tenant throttles, instead of pacing by Microsoft's documented limits.")
    var unpaced = false

    func runtime(_ data: DataOptions) throws -> ProvisioningRuntime {
        let timing = try TimingSettings(environment: ProcessInfo.processInfo.environment)
        let settings = try data.settings()
        return try .load(
            mappings: settings.mappingHost(),
            limits: unpaced ? nil : .documented,
            consistencyWindow: timing.consistencyWindow,
            retries: RetryPolicy(firstPause: timing.retryPause),
            network: settings.network(),
            logger: .program
        )
    }
}

extension Logger {
    /// The program's log: errors only, unless CAUSEWAY_LOG_LEVEL says otherwise.
    static var program: Logger {
        var logger = Logger(label: "causeway") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel =
            ProcessInfo.processInfo.environment["CAUSEWAY_LOG_LEVEL"].flatMap { Logger.Level(rawValue: $0) } ?? .error
        return logger
    }
}

/// `causeway sync PROVIDER`
struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Brings the tenant in line with the directory."
    )

    @Argument(help: "The provider's name.")
    var provider: String
    @Flag(help: "Approve and apply what the guard of this run holds back.")
    var approve = false
    @OptionGroup var pace: PaceOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let (first, second) = try await data.withStore { store in
            let provider = try await store.provider(named: provider)
            let work = RunWork(store: store, runtime: try pace.runtime(data))
            let first = try await work.run(provider, trigger: .manual)
            guard approve, first.run.status == .awaitingApproval else { return (first, RunSummary?.none) }
            return (first, try await work.approve(first.run, of: provider, by: .operatingSystemUser))
        }
        let output = Output(output)
        if let second {
            output.print(second, afterApproving: first)
        } else {
            output.print(first)
        }
        if let ending = (second ?? first).ending { throw ending }
    }
}
