import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore

extension ScheduleCommand {
    /// `causeway schedule [PROVIDER]`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists when each provider runs, by schedule and on request; or the schedule and the guard of one."
        )

        @Argument(help: "The provider's name, for its next times and its guard.")
        var provider: String?
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let output = Output(output)
            guard let provider else { return try await printAll(output) }
            let schedule = try await data.withStore { store in
                let provider = try await store.provider(named: provider)
                return try await store.read { try ProviderScheduleText(provider, in: $0) }
            }
            if output.isJSON { return output.print(schedule.json) }
            output.print(schedule.facts)
        }

        private func printAll(_ output: Output) async throws {
            let lines = try await data.withStore { store in
                try await store.read { transaction in
                    try transaction.providers().map { try ScheduleLine($0, in: transaction) }
                }
            }
            if output.isJSON { return output.print(.array(lines.map(\.json))) }
            var table = Table(
                ("Provider", .name),
                ("Cron (UTC)", .left),
                ("When", .sentence),
                ("State", .left),
                ("Next run", .left),
                ("Last full sync", .left)
            )
            for line in lines {
                table.add(line.name, line.cron, line.words, line.state, line.nextRun, line.lastFullSync)
            }
            output.print(table, orIfEmpty: "No providers. Create one with: causeway provider create NAME …")
        }
    }
}

/// The schedule of one provider, and what is done at night without a person.
struct ProviderScheduleText {
    private let line: ScheduleLine
    private let allowance: GuardAllowance

    /// How many of the next times are shown.
    private static let timesShown = 5

    init(_ provider: EntraProvider, in transaction: Transaction) throws {
        line = try ScheduleLine(provider, in: transaction)
        allowance = try GuardAllowance(of: provider, in: transaction)
    }

    var facts: Facts {
        var facts: Facts = [("Provider", line.name), ("State", line.state)]
        add(to: &facts)
        return facts
    }

    func add(to facts: inout Facts) {
        facts.add("Schedule", line.words.isEmpty ? "\(line.cron) (UTC)" : "\(line.words) (\(line.cron), UTC)")
        facts.add("Next run", line.nextRun)
        facts.add("Next times", line.nextTimes(Self.timesShown).map(\.text).joined(separator: ", "))
        facts.add("Last full sync", line.lastFullSync)
        facts.add("Guard", allowance.sentence)
    }

    var json: JSONValue {
        let further: [String: JSONValue] = [
            "next_times": JSONValue(line.nextTimes(Self.timesShown).map(\.text)), "guard": allowance.json,
        ]
        return .object((line.json.object ?? [:]).merging(further) { $1 })
    }
}

extension GuardAllowance {
    /// What is done without a person, for people who decide whether they can sleep.
    var sentence: String {
        guard limit > 0 else { return "Every suspension, deletion and removal waits for approval." }
        let past = recent > 0 ? " \(recent) were done within the last hour, and count." : ""
        return
            "Up to \(limit) suspensions, deletions and removals are done without approval; if a run has more, all of them wait.\(past)"
    }

    var json: JSONValue {
        [
            "limit": .integer(Int64(limit)), "recent": .integer(Int64(recent)), "left": .integer(Int64(left)),
            "managed": .integer(Int64(managed)), "sentence": .string(sentence),
        ]
    }
}
