import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore

extension PlanCommand {
    /// `causeway plan apply RUN`
    struct Apply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Applies a plan that was shown, if a new plan would be the same."
        )

        @Argument(help: "The run ID, or its first 8 characters.")
        var run: String
        @OptionGroup var pace: PaceOptions
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let summary = try await data.withStore { store in
                let (plan, provider) = try await store.run(keyed: run)
                let work = RunWork(store: store, runtime: try pace.runtime(data))
                return try await work.runInTurn(provider, trigger: .manual, mode: .applyPlan(plan.id))
            }
            Output(output).print(summary)
            if let ending = summary.ending { throw ending }
        }
    }

    /// `causeway plan approve RUN`
    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Approves and applies the changes that the guard of a run holds back."
        )

        @Argument(help: "The run ID, or its first 8 characters.")
        var run: String
        @OptionGroup var person: PersonOptions
        @OptionGroup var pace: PaceOptions
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let summary = try await data.withStore { store in
                let (held, provider) = try await store.run(keyed: run)
                // Fail early if anything needed to apply it is missing.
                let work = RunWork(store: store, runtime: try pace.runtime(data))
                return try await work.approve(held, of: provider, by: person.origin)
            }
            Output(output).print(summary)
            if let ending = summary.ending { throw ending }
        }
    }

    /// `causeway plan reject RUN`
    struct Reject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Rejects the changes that the guard of a run holds back."
        )

        @Argument(help: "The run ID, or its first 8 characters.")
        var run: String
        @OptionGroup var person: PersonOptions
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let rejected = try await data.withStore { store in
                let held = try await store.run(keyed: run).run
                try await Approvals(store: store).reject(held.id, by: person.origin)
                return held
            }
            let output = Output(output)
            if output.isJSON { return output.print(["run": .string(rejected.id.text), "status": "rejected"]) }
            output.print("Run \(rejected.id.text) is rejected; none of its held changes is applied.")
        }
    }
}

/// Who decides.
struct PersonOptions: ParsableArguments {
    @Option(help: "The person who decides, for the record; by default, the user of this machine.")
    var by: String?

    /// The person, and the user of this machine who enters the command.
    var origin: EventOrigin { .command(by: by ?? .operatingSystemUser) }
}
