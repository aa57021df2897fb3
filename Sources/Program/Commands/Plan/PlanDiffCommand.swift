import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayStore

extension PlanCommand {
    /// `causeway plan diff RUN RUN`
    struct Diff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Compares the plans of two runs.")

        @Argument(help: "The ID of the older run, or its first 8 characters.")
        var older: String
        @Argument(help: "The ID of the newer run, or its first 8 characters.")
        var newer: String
        @Option(help: "The maximum number of actions of either side.")
        var limit = 50
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func validate() throws {
            guard limit >= 0 else { throw ArgumentParser.ValidationError("--limit must not be negative.") }
        }

        func run() async throws {
            let comparison = try await data.withStore { store in
                let old = try await store.run(keyed: older).run.id
                let new = try await store.run(keyed: newer).run.id
                return try await store.read { [limit] in try $0.comparePlans(old, new, limit: limit) }
            }
            let output = Output(output)
            if output.isJSON { return output.print(comparison.json) }
            guard !comparison.isSame else {
                return output.print("Both plans are the same: \(comparison.commonCount.counted("action")).")
            }
            show("Only in the newer plan", comparison.added, comparison.addedCount, output)
            show("Only in the older plan", comparison.removed, comparison.removedCount, output)
            output.print("In both: \(comparison.commonCount.counted("action")).")
        }

        private func show(_ title: String, _ actions: [Action], _ count: Int, _ output: Output) {
            guard count > 0 else { return }
            output.print("\(title): \(count.counted("action"))")
            let text = PlanText(terminal: output.terminal)
            for action in actions {
                let lines = text.lines(for: StoredAction(action: action, outcome: Outcome(.planned)))
                for line in lines { output.print("  " + line) }
            }
            if count > actions.count { output.print("  … and \(count - actions.count) more") }
            output.print("")
        }
    }
}
