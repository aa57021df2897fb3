import ArgumentParser
import CausewayModel
import CausewayProvisioning
import CausewayStore

/// `causeway sync PROVIDER`
struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Brings the tenant in line with the directory.",
        discussion: """
            While another run of the provider is in progress, it waits. Ctrl-C ends it cleanly; the next sync continues. \
            Example, without waiting for a person: causeway sync 'Entra ID' --approve
            """
    )

    @Argument(help: "The provider's name.")
    var provider: String
    @Flag(help: "Approve and apply what the guard of this run holds back.")
    var approve = false
    @Flag(help: "Evaluate and compare everything, not only what can have changed since the last sync.")
    var everything = false
    @OptionGroup var pace: PaceOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let (first, second) = try await data.withStore { store in
            let provider = try await store.provider(named: provider)
            let work = RunWork(store: store, runtime: try pace.runtime(data))
            let first = try await work.runInTurn(provider, trigger: .manual, comparesEverything: everything)
            guard approve, first.run.status == .awaitingApproval else { return (first, RunSummary?.none) }
            return (first, try await work.approve(first.run, of: provider, by: .command(by: .operatingSystemUser)))
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
