import ArgumentParser
import CausewayModel
import CausewayProvisioning
import CausewayStore

extension PlanCommand {
    /// `causeway plan cancel RUN`
    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Cancels a run in progress: what is in flight is settled, and nothing new begins."
        )

        @Argument(help: "The run ID or its first 8 characters, or the name of the provider whose run is canceled.")
        var run: String
        @OptionGroup var person: PersonOptions
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let summary = try await data.withStore { store in
                let id = try await runUnderWay(in: store)
                let runs = RunCoordinator(store: store, runtime: try data.runtime())
                var ended = try await runs.cancel(id, by: person.origin)
                while ended.finishedAt == nil {
                    try await Task.sleep(for: Self.pause)
                    // Once more: its process may end before the run does.
                    _ = try? await runs.cancel(id, by: person.origin)
                    ended = try await store.run(keyed: id.text).run
                }
                return try await RunSummary.load(id, from: store)
            }
            Output(output).print(summary)
        }

        private static let pause: Duration = .milliseconds(200)

        private func runUnderWay(in store: Store) async throws -> RunID {
            let name = run
            let isProvider = try await store.read {
                try $0.providers().contains { $0.name == name || "\($0.id)" == name }
            }
            guard isProvider || !run.isBeginningOfRunID else { return try await store.run(keyed: run).run.id }
            let provider = try await store.provider(named: run)
            guard let id = try await store.read({ try $0.runUnderWay(of: provider.id) }) else {
                throw UserError("No run of '\(provider.name)' is in progress.")
            }
            return id
        }
    }
}
