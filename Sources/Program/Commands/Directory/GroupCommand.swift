import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayStore

/// `causeway group …`
struct GroupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group",
        abstract: "Groups of the directory.",
        subcommands: [List.self, Create.self, Update.self, Delete.self, Add.self, Remove.self],
        defaultSubcommand: List.self
    )

    /// `causeway group list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists groups with the number of their members.")

        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var page: PageOptions

        func run() async throws {
            let groups = try await data.withStore { store in
                try await page.collect { last, limit in
                    try await store.read { transaction in
                        try transaction.groups(after: last, limit: limit, search: page.search).map { group in
                            GroupLine(
                                group: group,
                                users: try transaction.members(of: group.id).count,
                                groups: try transaction.children(of: group.id).count
                            )
                        }
                    }
                } key: {
                    $0.group.id
                }
            }
            let output = Output(output)
            if output.isJSON { return output.print(.array(groups.map(\.json))) }
            var table = Table(("Name", .name), ("Users", .right), ("Groups", .right), ("Key", .left))
            for line in groups { table.add(line.group.name, "\(line.users)", "\(line.groups)", line.group.id.text) }
            output.print(
                table,
                orIfEmpty:
                    "No groups. Import some: causeway import csv FILE --groups FILE, or: causeway group create NAME"
            )
            page.printRemainder(of: groups.count)
        }
    }

    private struct GroupLine {
        let group: Group
        let users: Int
        let groups: Int

        var json: JSONValue {
            [
                "pk": .string(group.id.text), "name": .string(group.name), "attributes": .object(group.attributes),
                "users": .integer(Int64(users)), "groups": .integer(Int64(groups)),
            ]
        }
    }
}
