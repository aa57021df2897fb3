import ArgumentParser
import CausewayImport

/// `causeway import …`
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Brings users and groups into the directory.",
        subcommands: [CSV.self]
    )

    /// `causeway import csv FILE`
    struct CSV: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "csv",
            abstract:
                "Imports a CSV file of users: a template or an export of Microsoft, Google or Okta, of PowerShell or HR.",
            discussion: """
                The kind of file is recognised by its header, and each column is read by its meaning in that kind of file; \
                --map 'HEADER=TARGET' overrides, where a target is \(ColumnTarget.forms). --dry-run shows what each column \
                becomes, the first people as they would be stored, and what is odd. Users are told apart by user name, or by \
                --key: importing again updates. Lines that cannot be used are listed with their numbers, all others are \
                imported. Empty cells leave what is there.
                """
        )

        @Argument(help: "A CSV file of users.")
        var file: String?
        @Option(help: "A CSV file of groups: name, description, parents, members; or one membership a line.")
        var groups: String?
        @Option(name: .customLong("map"), help: "Give a column another meaning: HEADER=TARGET; may be repeated.")
        var overrides: [String] = []
        @Option(help: "What tells users apart: user_name, employee_id, immutable_id or email.")
        var key = ImportKey.userName
        @Flag(help: "Show what the import would do, and do nothing.")
        var dryRun = false
        @Flag(help: "End memberships that the files do not list, in the groups that they name.")
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
                isExact: exactGroups
            )
            let progress = Output.progress
            let report = try await data.withStore { store in
                defer { progress.finish() }
                @Sendable func show(_ lines: Int) { progress.show("Reading lines", done: lines, total: nil) }
                return dryRun
                    ? try await work.preview(in: store, progress: { show($0) })
                    : try await work.run(in: store, progress: { show($0) })
            }
            Output(output).print(report, isPreview: dryRun)
            if report.problemCount > 0 { throw ExitStatus.withFailures }
        }
    }
}

extension ImportKey: ExpressibleByArgument {}
