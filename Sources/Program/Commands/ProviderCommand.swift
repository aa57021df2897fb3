import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import Foundation
import Logging

/// `causeway provider …`
struct ProviderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provider",
        abstract: "Microsoft Entra providers: the tenants to provision.",
        subcommands: [
            Create.self, Update.self, Delete.self, List.self, Show.self, Check.self, Retry.self, Refresh.self,
        ]
    )

    /// `causeway provider list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists providers with their last run.")

        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let providers = try await data.withStore { store in
                try await store.read { transaction in
                    try transaction.providers().map { ($0, try transaction.outstanding(of: $0).state) }
                }
            }
            let output = Output(output)
            if output.isJSON {
                return output.print(
                    .array(
                        providers.map {
                            .object(($0.json.object ?? [:]).merging(["state": .string($1.rawValue)]) { $1 })
                        }
                    )
                )
            }
            var table = Table(("Key", .right), ("Name", .name), ("Tenant", .left), ("Cloud", .left), ("State", .left))
            for (provider, state) in providers {
                table.add(
                    "\(provider.id)",
                    provider.name,
                    provider.tenantID,
                    provider.cloud.rawValue,
                    state.words
                )
            }
            output.print(table, orIfEmpty: "No providers. Create one with: causeway provider create NAME …")
        }
    }

    /// `causeway provider check NAME`
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Checks the credentials, permissions and mappings of a provider; changes nothing."
        )

        @Argument(help: "The provider's name.")
        var provider: String
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let findings = try await data.withStore { store in
                let provider = try await store.provider(named: provider)
                let check = ProviderCheck(store: store, runtime: try data.runtime())
                return await check.findings(on: provider)
            }
            let output = Output(output)
            if output.isJSON {
                output.print(.array(findings.map(\.json)))
            } else {
                for finding in findings { output.print(finding.line(for: output.terminal)) }
            }
            if findings.contains(where: { $0.level == .error }) { throw ExitStatus.failed }
        }
    }
}

extension Store {
    /// The provider with that name.
    ///
    /// - Throws: ``UserError`` that lists the existing names.
    func provider(named name: String) async throws -> EntraProvider {
        let providers = try await read { try $0.providers() }
        if let found = providers.first(where: { $0.name == name || "\($0.id)" == name }) { return found }
        let names = providers.map { "'\($0.name)'" }.joined(separator: ", ")
        throw UserError(
            names.isEmpty
                ? "There is no provider yet; create one with: causeway provider create NAME …"
                : "There is no provider '\(name)'; existing: \(names)."
        )
    }
}

extension EntraProvider {
    /// The provider's state in a few words.
    var stateText: String {
        if let group = vanishedFilterGroup { return "stopped: filter group '\(group)' is gone" }
        if application == nil { return "not assigned to an application" }
        return settings.dryRun ? "dry run" : "ready"
    }

    /// The settings as the API returns them, without the secret.
    var json: JSONValue {
        let further: [String: JSONValue] = ["pk": .integer(id.rawValue), "state": .string(stateText)]
        return .object(ProviderSettings.fields.values(of: settings).merging(further) { $1 })
    }
}

extension ProviderCheck.Finding {
    fileprivate var json: JSONValue {
        ["level": .string(level.rawValue), "subject": .string(subject), "message": .string(message)]
    }

    fileprivate func line(for terminal: Terminal) -> String {
        let mark =
            switch level {
            case .ok: terminal.paint("ok     ", .green)
            case .warning: terminal.paint("warning", .yellow)
            case .error: terminal.paint("error  ", .red)
            }
        return "\(mark)  \(subject.padded(to: 12))  \(message)"
    }
}
