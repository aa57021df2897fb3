import ArgumentParser
import CausewayImport
import CausewayJSON

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
            abstract: "Imports a CSV file of users: Microsoft 365's bulk template, Entra's, or an HR system's export.",
            discussion: """
                Columns are recognised by their headers; --map 'HEADER=TARGET' overrides, where a target is \
                \(ColumnTarget.forms). Users are told apart by user name: importing again updates. Lines that cannot be used are \
                listed with their numbers, all others are imported. Empty cells leave what is there.
                """
        )

        @Argument(help: "A CSV file of users.")
        var file: String?
        @Option(help: "A CSV file of groups: name, description, parents, members; or one membership a line.")
        var groups: String?
        @Option(name: .customLong("map"), help: "Give a column another meaning: HEADER=TARGET; may be repeated.")
        var overrides: [String] = []
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
            let work = DirectoryImport(users: file, groups: groups, overrides: overrides, isExact: exactGroups)
            let progress = Output.progress
            let report = try await data.withStore { store in
                defer { progress.finish() }
                return try await work.run(in: store) { progress.show("Reading lines", done: $0, total: nil) }
            }
            Output(output).print(report)
            if report.problemCount > 0 { throw Ending.withFailures }
        }
    }
}

extension Output {
    /// Prints what an import did.
    func print(_ report: ImportReport) {
        if isJSON { return print(report.json) }
        print(
            "\(report.lines) lines: \(report.created) users created, \(report.updated) updated, \(report.unchanged) unchanged; "
                + "\(report.groupsCreated) groups created, \(report.membershipsAdded) memberships added, "
                + "\(report.membershipsRemoved) removed."
        )
        if !report.secretColumns.isEmpty {
            print("Not kept, since they hold secrets: \(report.secretColumns.joined(separator: ", ")).")
        }
        for (file, problem) in report.problems { print("\(file), line \(problem.line): \(problem.reason)") }
        if report.problemCount > report.problems.count {
            print("and \(report.problemCount - report.problems.count) more")
        }
    }
}

extension ImportReport {
    fileprivate var json: JSONValue {
        [
            "lines": .integer(Int64(lines)), "created": .integer(Int64(created)), "updated": .integer(Int64(updated)),
            "unchanged": .integer(Int64(unchanged)), "groups_created": .integer(Int64(groupsCreated)),
            "memberships_added": .integer(Int64(membershipsAdded)),
            "memberships_removed": .integer(Int64(membershipsRemoved)),
            "ignored_columns": JSONValue(secretColumns), "problem_count": .integer(Int64(problemCount)),
            "problems": .array(
                problems.map { file, problem in
                    ["file": .string(file), "line": .integer(Int64(problem.line)), "reason": .string(problem.reason)]
                }
            ),
        ]
    }
}
