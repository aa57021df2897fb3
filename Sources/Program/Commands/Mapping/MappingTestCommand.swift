import ArgumentParser
import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayStore
import Foundation

extension MappingCommand {
    /// `causeway mapping test [FILE]…`
    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Evaluates mappings for a user or a group, as a sync does; nothing is sent.",
            discussion: """
                With files, their expressions are evaluated; without, the provider's own mappings. Exit status 0 if the object would \
                be provisioned or is skipped by a mapping, 2 if nothing can be sent for it.
                """
        )

        @Argument(help: "Files with Python expressions.")
        var files: [String] = []
        @Option(help: "The user name of the user.")
        var user: String?
        @Option(help: "The name of the group.")
        var group: String?
        @Option(help: "The provider; needed only if there are several.")
        var provider: String?
        @Option(
            help:
                "The link to Entra: present (as it is), new (none yet) or linked (to an account that these mappings made)."
        )
        var link = MappingPreview.Link.present
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func validate() throws {
            guard (user == nil) != (group == nil) else {
                throw ArgumentParser.ValidationError("Give either --user NAME or --group NAME.")
            }
        }

        func run() async throws {
            let mappings = try files.map { try PropertyMapping(file: $0) }
            let result = try await data.withStore { store in
                let trial = MappingPreview(store: store, runtime: try data.runtime())
                return try await trial.run(
                    on: object(in: store),
                    at: chosenProvider(in: store),
                    mappings: mappings.isEmpty ? nil : mappings,
                    link: link
                )
            }
            let output = Output(output)
            if output.isJSON {
                output.print(result.json)
            } else {
                for line in PreviewText(terminal: output.terminal).lines(for: result) { output.print(line) }
            }
            if case .leftAlone = result.outcome { throw ExitStatus.withFailures }
        }

        private func object(in store: Store) async throws -> ObjectReference {
            if let user {
                guard let found = try await store.read({ try $0.user(named: user) }) else {
                    throw UserError("There is no user '\(user)'; see: causeway user list --search …")
                }
                return ObjectReference(found.id)
            }
            guard let found = try await store.read({ [group] in try $0.group(named: group ?? "") }) else {
                throw UserError("There is no group '\(group ?? "")'; see: causeway group list --search …")
            }
            return ObjectReference(found.id)
        }

        /// The named provider, or the only one; if there is none yet, one that exists for this preview alone.
        private func chosenProvider(in store: Store) async throws -> EntraProvider {
            if let provider { return try await store.provider(named: provider) }
            let all = try await store.read { try $0.providers() }
            guard all.count <= 1 else {
                throw UserError("There are \(all.count) providers; choose one with --provider NAME.")
            }
            if let only = all.first { return only }
            guard !files.isEmpty else {
                throw UserError("There is no provider yet; give a file with an expression.")
            }
            return .standIn
        }
    }

    /// `causeway mapping lint FILE…`
    struct Lint: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Checks expressions without running them: syntax, unknown names, properties that Graph does not have.",
            discussion:
                "Exit status 0 if nothing was found, 1 if an expression cannot be used, 2 for warnings."
        )

        @Argument(help: "Files with Python expressions.")
        var files: [String]
        @Option(help: "The kind of object: user or group; by default, the kind that has most of their properties.")
        var kind: ObjectKind?
        @Flag(help: "The expressions were written for authentik: also report, by line, what they do differently here.")
        var fromAuthentik = false
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func validate() throws {
            guard !files.isEmpty else { throw ArgumentParser.ValidationError("Give a file with an expression.") }
        }

        func run() async throws {
            let findings = try await findings()
            let output = Output(output)
            if output.isJSON {
                output.print(.array(findings.map(\.json)))
            } else {
                for finding in findings { output.print(finding.line(output.terminal)) }
                if findings.isEmpty { output.print("No findings.") }
            }
            if findings.contains(where: \.isError) { throw ExitStatus.failed }
            if !findings.isEmpty { throw ExitStatus.withFailures }
        }

        private func findings() async throws -> [MappingLint.Finding] {
            var ofKind: [ObjectKind: [String]] = [:]
            for file in files {
                let found = if let kind { kind } else { try await likelyKind(of: file) }
                ofKind[found, default: []].append(file)
            }
            var findings: [MappingLint.Finding] = []
            for kind in ObjectKind.allCases {
                guard let files = ofKind[kind] else { continue }
                let lint = try MappingLint(files: files, kind: kind, data)
                findings += try await lint.findings(isFromAuthentik: fromAuthentik)
            }
            return findings
        }

        private func likelyKind(of file: String) async throws -> ObjectKind {
            try await MappingLint(files: [file], kind: .user, data).likelyKind()
        }
    }
}

extension MappingPreview.Link: ExpressibleByArgument {}
