import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayStore

extension ProviderCommand {
    /// `causeway provider refresh NAME`
    struct Refresh: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes the next sync read the whole tenant again instead of only its changes.",
            aliases: ["reread"]
        )

        @Argument(help: "The provider's name.")
        var provider: String
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await data.withStore { store in
                let found = try await store.provider(named: provider)
                try await store.write { try $0.resetMirror(provider: found.id) }
            }
            let output = Output(output)
            if output.isJSON { return output.print(["name": .string(provider), "refreshed": true]) }
            output.print("The next sync of '\(provider)' reads the whole tenant.")
        }
    }
}
