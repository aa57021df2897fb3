import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore

/// `causeway plan …`
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Shows what a sync would do; applies, approves or rejects plans, and cancels runs.",
        discussion: "For a provider whose name is that of a subcommand: causeway plan make NAME",
        subcommands: [
            Make.self, List.self, Show.self, Diff.self, Export.self, Apply.self, Approve.self, Reject.self, Cancel.self,
        ],
        defaultSubcommand: Make.self
    )

    /// `causeway plan PROVIDER`
    struct Make: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows what a sync would do, attribute by attribute; changes nothing.",
            discussion: """
                The counts come first, then the causes of failures, then some actions of each kind. While another run of the provider is \
                in progress, it waits; the plan that this run has made is shown if it is current. Exit status 2 if single objects would \
                fail. Example: causeway plan 'Entra ID' --all
                """
        )

        @Argument(help: "The provider's name.")
        var provider: String
        @Option(help: "Show an earlier run instead of making a plan.")
        var run: String?
        @OptionGroup var listing: PlanListing
        @OptionGroup var pace: PaceOptions
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let ending = try await data.withStore { store in
                let provider = try await store.provider(named: provider)
                var ending: ExitCode?
                let id: RunID
                if let run {
                    id = try await store.run(keyed: run).run.id
                } else {
                    let work = RunWork(store: store, runtime: try pace.runtime(data))
                    let made = try await work.runInTurn(provider, trigger: .preview, mode: .planOnly)
                    id = made.run.id
                    if made.stop != nil {
                        Output(output).print(made)
                        return made.ending
                    }
                    // The plan of another run may wait for a person; this command has done all the same.
                    ending = made.firstSyncOf == nil ? made.ending : made.failureEnding
                }
                try await listing.show(id, from: store, Output(output))
                return ending
            }
            if let ending { throw ending }
        }
    }

    /// `causeway plan show RUN`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows the plan and the result of an earlier run."
        )

        @Argument(help: "The run ID, or its first 8 characters.")
        var run: String
        @OptionGroup var listing: PlanListing
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await data.withStore { store in
                try await listing.show(try await store.run(keyed: run).run.id, from: store, Output(output))
            }
        }
    }

    /// `causeway plan list PROVIDER`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists a provider's runs, the latest first.")

        @Argument(help: "The provider's name.")
        var provider: String
        @Option(help: "The maximum number of runs.")
        var limit = 20
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func validate() throws {
            guard limit > 0 else { throw ArgumentParser.ValidationError("--limit must be above 0.") }
        }

        func run() async throws {
            let summaries = try await data.withStore { store in
                let provider = try await store.provider(named: provider)
                let runs = try await store.read { [limit] in try $0.runs(of: provider.id, limit: limit) }
                var summaries: [RunSummary] = []
                for run in runs { summaries.append(try await RunSummary.load(run.id, from: store)) }
                return summaries
            }
            let output = Output(output)
            if output.isJSON { return output.print(.array(summaries.map(\.json))) }
            var table = Table(
                ("Run", .name),
                ("Status", .left),
                ("Trigger", .left),
                ("Started", .left),
                ("Actions", .right),
                ("Held", .right),
                ("Message", .sentence)
            )
            for summary in summaries {
                let run = summary.run
                table.add(
                    run.id.text,
                    run.status.rawValue,
                    run.trigger.rawValue,
                    run.startedAt.text,
                    "\(summary.count())",
                    "\(summary.count(.held))",
                    run.message
                )
            }
            output.print(table, orIfEmpty: "No runs yet.")
        }
    }
}

extension RunSummary {
    /// The number of actions, of one outcome or of all.
    fileprivate func count(_ status: OutcomeStatus? = nil) -> Int {
        counts.filter { status == nil || $0.status == status }.reduce(0) { $0 + $1.count }
    }
}
