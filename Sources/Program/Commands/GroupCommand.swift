import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayStore

/// `causeway user …`
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Users and service accounts of the directory.",
        subcommands: [List.self, CreateAdmin.self, CreateToken.self],
        defaultSubcommand: List.self
    )

    /// `causeway user list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists users in the order of their keys.")

        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var page: PageOptions

        func run() async throws {
            let users = try await data.withStore { store in
                try await page.collect { last, limit in
                    try await store.read { try $0.users(after: last, limit: limit, search: page.search) }
                } key: {
                    $0.id
                }
            }
            let output = Output(output)
            if output.isJSON { return output.print(.array(users.map(\.json))) }
            var table = Table(("Key", .right), ("Username", .left), ("Name", .left), ("Email", .left), ("State", .left))
            for user in users {
                table.add("\(user.id)", user.username, user.name, user.email, user.stateText)
            }
            output.print(table, orIfEmpty: "No users. Import some with: causeway import csv FILE")
            page.printRemainder(of: users.count)
        }
    }
}

/// `causeway group …`
struct GroupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group",
        abstract: "Groups of the directory.",
        subcommands: [List.self],
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
            var table = Table(("Name", .left), ("Users", .right), ("Groups", .right), ("Key", .left))
            for line in groups { table.add(line.group.name, "\(line.users)", "\(line.groups)", line.group.id.text) }
            output.print(table, orIfEmpty: "No groups. Import some with: causeway import csv FILE --groups FILE")
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

/// Which part of a long list is printed.
struct PageOptions: ParsableArguments {
    @Option(help: "Only entries whose name or address contains this text.")
    var search = ""

    @Option(help: "The maximum number of entries; 0 for all.")
    var limit = 100

    func validate() throws {
        guard limit >= 0 else { throw ArgumentParser.ValidationError("--limit must not be negative.") }
    }

    /// Reads page after page until there are enough entries.
    func collect<Item, Key>(
        _ read: (_ after: Key?, _ limit: Int) async throws -> [Item],
        key: (Item) -> Key
    ) async throws -> [Item] {
        var items: [Item] = []
        while limit == 0 || items.count < limit {
            let wanted = limit == 0 ? 1000 : min(1000, limit - items.count)
            let page = try await read(items.last.map(key), wanted)
            items += page
            if page.count < wanted { break }
        }
        return items
    }

    /// Says that the list was cut, if it was.
    func printRemainder(of count: Int) {
        if limit > 0, count == limit { printError("The first \(limit) are shown; --limit 0 shows all.") }
    }
}

extension User {
    fileprivate var stateText: String {
        profile.isActive ? (profile.type.isServiceAccount ? "service account" : "active") : "inactive"
    }

    fileprivate var json: JSONValue {
        [
            "pk": .integer(id.rawValue), "uid": .string(uid), "username": .string(profile.username),
            "name": .string(profile.name),
            "email": .string(profile.email), "is_active": .bool(profile.isActive),
            "type": .string(profile.type.rawValue),
            "path": .string(profile.path), "attributes": .object(profile.attributes),
        ]
    }
}
