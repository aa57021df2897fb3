import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation
import HTTPTypes

extension ProviderCommand {
    /// `causeway provider delete NAME`
    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Deletes a provider with its links and runs; nothing changes in Entra.",
            discussion: """
                The command asks for the provider's name again; --yes answers for it. A new provider of the same tenant finds the \
                accounts by its matching rules.
                """
        )

        @Argument(help: "The provider's name.")
        var provider: String
        @Flag(help: "Do not ask.")
        var yes = false
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let deleted = try await data.withStore { store in
                let provider = try await store.provider(named: provider)
                let (users, groups) = try await store.read { transaction in
                    (
                        try transaction.linkCount(provider: provider.id, kind: .user),
                        try transaction.linkCount(provider: provider.id, kind: .group)
                    )
                }
                if !yes { try confirm(provider, "\(users.counted("user")) and \(groups.counted("group"))") }
                try await CommandAPI(store, data).send(.delete, "/providers/microsoft_entra/\(provider.id)/")
                return provider
            }
            let output = Output(output)
            if output.isJSON { return output.print(["deleted": .string(deleted.name)]) }
            output.print("Provider '\(deleted.name)' was deleted. Nothing has changed in Entra.")
        }

        /// - Throws: ``UserError`` unless the person at the terminal agrees.
        private func confirm(_ provider: EntraProvider, _ links: String) throws {
            guard isatty(STDIN_FILENO) == 1 else {
                throw UserError("This deletes '\(provider.name)' with its links of \(links); to agree, add --yes.")
            }
            FileHandle.standardError.write(
                Data("This deletes '\(provider.name)' with its links of \(links). To agree, type its name: ".utf8)
            )
            guard readLine() == provider.name else { throw UserError("That is another name; nothing was deleted.") }
        }
    }
}
