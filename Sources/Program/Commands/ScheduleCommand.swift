import ArgumentParser
import CausewayAPI
import CausewayJSON
import CausewayModel
import CausewayStore

/// `causeway schedule …`
struct ScheduleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "When the server runs providers.",
        discussion: "For a provider whose name is that of a subcommand: causeway schedule list NAME",
        subcommands: [List.self, Set.self, Pause.self, Resume.self, Run.self],
        defaultSubcommand: List.self
    )

    /// `causeway schedule set PROVIDER --cron "…"`
    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sets when a provider's full sync is due.",
            discussion: """
                Five fields in UTC as in crontab(5): minute, hour, day of month, month, day of week; or @hourly, @daily, \
                @weekly, @monthly. For example '15 */4 * * *', or '0 6 * * mon-fri'.
                """
        )

        @Argument(help: "The provider's name.")
        var provider: String
        @Option(help: "A cron expression, in quotes.")
        var cron: String
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let cron = try CronExpression(cron)
            try await data.changeSchedule(of: provider, output) { transaction, provider in
                try transaction.setCron(cron, of: provider.id)
                return "The schedule of '\(provider.name)' is '\(cron)'"
            }
        }
    }

    /// `causeway schedule pause PROVIDER`
    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Pauses a provider: it runs only when a person asks for it, until it is resumed."
        )

        @Argument(help: "The provider's name.")
        var provider: String
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await data.changeSchedule(of: provider, output) { transaction, provider in
                try transaction.setPaused(true, provider.id)
                return "'\(provider.name)' is paused; resume it with: causeway schedule resume '\(provider.name)'"
            }
        }
    }

    /// `causeway schedule resume PROVIDER`
    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Resumes a paused provider; missed runs are not made up for."
        )

        @Argument(help: "The provider's name.")
        var provider: String
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await data.changeSchedule(of: provider, output) { transaction, provider in
                try transaction.setPaused(false, provider.id)
                return "'\(provider.name)' runs by its schedule again"
            }
        }
    }

    /// `causeway schedule run PROVIDER`
    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Asks the server for a full sync now, even of a provider that is paused or in quarantine.",
            discussion: "Without a server, 'causeway sync PROVIDER' does the work itself."
        )

        @Argument(help: "The provider's name.")
        var provider: String
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await data.changeSchedule(of: provider, output) { transaction, provider in
                try transaction.requestManualRun(of: provider)
                return "A sync of '\(provider.name)' is requested; \(ScheduleLine.pickUp(provider))"
            }
        }
    }
}

extension ProviderCommand {
    /// `causeway provider retry NAME`
    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ends the quarantine of a provider that kept failing, and asks the server for a full sync."
        )

        @Argument(help: "The provider's name.")
        var provider: String
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await data.changeSchedule(of: provider, output) { transaction, provider in
                try transaction.requestManualRun(of: provider)
                let wasQuarantined = try transaction.endQuarantine(of: provider.id, by: .command)
                let what =
                    wasQuarantined ? "The quarantine of '\(provider.name)' is over" : "'\(provider.name)' did not fail"
                return "\(what); a sync is requested, \(ScheduleLine.pickUp(provider))"
            }
        }
    }
}

extension Transaction {
    /// Requests a run in the name of the person at the command line.
    fileprivate func requestManualRun(of provider: EntraProvider) throws {
        let details: [String: JSONValue] = ["mode": "sync"]
        let object = APIModel.provider.object("\(provider.id)", provider.name)
        try record(.runRequested, object, details: details, by: .command)
        guard try requestRun(of: provider.id, .manual) else {
            throw UserError(
                "'\(provider.name)' is not assigned to an application, so nothing is provisioned; assign it with: "
                    + "causeway provider update '\(provider.name)' --application NAME"
            )
        }
    }
}

extension DataOptions {
    /// Changes when a provider runs, in one transaction, and prints the new schedule.
    ///
    /// - Parameter change: makes the change, and returns a clause that describes it.
    fileprivate func changeSchedule(
        of name: String,
        _ options: OutputOptions,
        _ change: @escaping @Sendable (Transaction, EntraProvider) throws -> String
    ) async throws {
        let (sentence, line) = try await withStore { store in
            let provider = try await store.provider(named: name)
            return try await store.write { transaction in
                let before = try transaction.runState(of: provider.id).schedule
                let sentence = try change(transaction, provider)
                try transaction.recordCommand(provider, since: before)
                let runState = try transaction.runState(of: provider.id)
                return (sentence, ScheduleLine(provider: provider, runState: runState, now: transaction.now))
            }
        }
        let output = Output(options)
        output.isJSON ? output.print(line.json) : output.print(sentence + ".")
    }
}
