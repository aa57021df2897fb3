import ArgumentParser
import CausewayAPI
import CausewayJSON
import CausewayModel
import CausewayStore
import HTTPTypes

/// `causeway node …`
struct NodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node",
        abstract: "The servers that share the database.",
        subcommands: [List.self, Drain.self, Undrain.self],
        defaultSubcommand: List.self
    )

    /// `causeway node list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the nodes with their state, their current runs and when each was last seen."
        )

        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let reports = try await data.withStore { store in try await store.read { try $0.nodeReports() } }
            let output = Output(output)
            if output.isJSON { return output.print(.array(reports.map(\.json))) }
            var table = Table(
                ("Node", .name),
                ("State", .left),
                ("Version", .left),
                ("Started", .left),
                ("Last seen", .left),
                ("Current runs", .sentence)
            )
            for report in reports {
                table.add(
                    report.node.name,
                    report.state.rawValue,
                    report.node.version,
                    report.node.startedAt.text,
                    report.node.seenAt.text,
                    report.work.map { "'\($0.providerName)'" }.joined(separator: ", ")
                )
            }
            output.print(table, orIfEmpty: "No server is running. Start one with: causeway serve")
        }
    }

    /// `causeway node drain NAME`
    struct Drain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lets a node finish its current runs and start no new work, for example before it is stopped."
        )

        @Argument(help: "The node's name.")
        var name: String
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await data.change(name, "drain")
            print("'\(name)' starts no new work. To see its current runs: causeway node list")
        }
    }

    /// `causeway node undrain NAME`
    struct Undrain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lets a drained node start new work again.")

        @Argument(help: "The node's name.")
        var name: String
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await data.change(name, "undrain")
            print("'\(name)' starts new work again.")
        }
    }
}

extension DataOptions {
    fileprivate func change(_ node: String, _ verb: String) async throws {
        try await withStore { store in
            guard try await store.read({ try $0.nodeReports() }).contains(where: { $0.node.name == node }) else {
                throw UserError("There is no node '\(node)'; see: causeway node list")
            }
            try await CommandAPI(store, self).send(.post, "/causeway/nodes/\(node.pathPart)/\(verb)/")
        }
    }
}
