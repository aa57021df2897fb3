import ArgumentParser
import CausewayImport
import CausewayStore

/// `causeway import …`
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Imports users and groups into the directory.",
        subcommands: [CSV.self]
    )

    /// `causeway import csv FILE`
    struct CSV: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "csv",
            abstract:
                "Imports a CSV file of users: a template, or an export of Microsoft, Google, Okta, PowerShell or an HR system.",
            discussion: """
                The header shows the kind of file, and each column has the meaning that it has in that kind of file; \
                --map 'HEADER=TARGET' overrides it; a target is \(ColumnTarget.forms). --dry-run shows what each column \
                becomes, the first users as they would be stored, and warnings. Users are identified by user name, or by \
                --key: importing again updates them. Lines that cannot be used are listed with their numbers, all others are \
                imported. Empty cells leave what is there. Example: causeway import csv people.csv --dry-run
                """
        )

        @Argument(help: "A CSV file of users.")
        var file: String?
        @Option(help: "A CSV file of groups: name, description, parents, members; or one membership per line.")
        var groups: String?
        @Option(name: .customLong("map"), help: "Give a column another meaning: HEADER=TARGET; may be repeated.")
        var overrides: [String] = []
        @Option(help: "What identifies users: user_name, employee_id, immutable_id or email.")
        var key = ImportKey.userName
        @Flag(help: "Show what the import would do, and change nothing.")
        var dryRun = false
        @Flag(help: "Remove memberships that the files do not list, in the groups that they name.")
        var exactGroups = false
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func validate() throws {
            guard file != nil || groups != nil else {
                throw ArgumentParser.ValidationError("Give a file of users, --groups, or both.")
            }
        }

        func run() async throws {
            let work = DirectoryImport(
                users: file,
                groups: groups,
                overrides: overrides,
                key: key,
                isExact: exactGroups,
                origin: .command
            )
            let report: ImportReport = try await data.withStore { try await run(work, in: $0) }
            Output(output).print(report, isPreview: dryRun)
            if report.problemCount > 0 { throw ExitStatus.withFailures }
        }

        /// Ctrl-C and SIGTERM undo all of it.
        private func run(_ work: DirectoryImport, in store: Store) async throws -> ImportReport {
            let (progress, isPreview) = (Output.progress, dryRun)
            defer { progress.finish() }
            do {
                return try await Interruption.stopping {
                    @Sendable func show(_ lines: Int) { progress.show("Reading lines", done: lines, total: nil) }
                    return isPreview
                        ? try await work.preview(in: store, progress: { show($0) })
                        : try await work.run(in: store, progress: { show($0) })
                }
            } catch let interruption as Interruption {
                progress.finish()
                throw interruption.saying("Stopped. Nothing was imported; to import the file, run the command again.")
            }
        }
    }
}

extension ImportKey: ExpressibleByArgument {}
