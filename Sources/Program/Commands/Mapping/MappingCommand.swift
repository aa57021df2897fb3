import ArgumentParser
import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayStore
import Foundation

/// `causeway mapping …`
struct MappingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mapping",
        abstract: "Property mappings: Python expressions that turn users and groups into Graph properties.",
        subcommands: [List.self, Show.self, Copy.self, Test.self, Lint.self]
    )

    /// `causeway mapping list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists all mappings: those that come with Causeway, as examples to copy, and your own."
        )

        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let mappings = try await data.withStore { store in
                try await ManagedMappings(store: store).install()
                return try await store.read { try $0.mappings() }
            }
            let library = Dictionary(
                MappingLibrary.all.compactMap { entry in entry.mapping.managed.map { ($0, entry) } },
                uniquingKeysWith: { $1 }
            )
            let output = Output(output)
            if output.isJSON { return output.print(.array(mappings.map { $0.json(library) })) }
            var table = Table(("Name", .name), ("Comes with", .left), ("About", .sentence))
            for mapping in mappings {
                let about = mapping.managed.flatMap { library[$0]?.about } ?? ""
                table.add(mapping.name, mapping.managed == nil ? "" : "Causeway", about)
            }
            output.print(table, orIfEmpty: "No mappings.")
        }
    }

    /// `causeway mapping show NAME`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Prints the expression of a mapping.")

        @Argument(help: "The mapping's name.")
        var name: String
        @OptionGroup var data: DataOptions

        func run() async throws {
            let mapping = try await data.withStore { try await $0.mapping(named: name) }
            print(mapping.expression, terminator: mapping.expression.hasSuffix("\n") ? "" : "\n")
        }
    }

    /// `causeway mapping copy NAME FILE`
    struct Copy: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes the expression of a mapping into a file, to be changed and tested.",
            discussion: """
                Then: causeway mapping lint FILE, causeway mapping test FILE --user NAME, and \
                causeway provider update PROVIDER --user-mapping FILE.
                """
        )

        @Argument(help: "The mapping's name.")
        var name: String
        @Argument(help: "The file to write; it must not exist yet.")
        var file: String
        @OptionGroup var data: DataOptions

        func run() async throws {
            let mapping = try await data.withStore { try await $0.mapping(named: name) }
            do {
                try Data(mapping.expression.utf8).write(to: URL(filePath: file), options: .withoutOverwriting)
            } catch {
                throw UserError("The file \(file) cannot be written; it must not exist yet, and its folder must.")
            }
        }
    }
}

extension Store {
    /// A mapping by its name, including those that come with the product.
    fileprivate func mapping(named name: String) async throws -> PropertyMapping {
        try await ManagedMappings(store: self).install()
        guard let mapping = try await read({ try $0.mapping(named: name) }) else {
            throw UserError("There is no mapping '\(name)'; see: causeway mapping list")
        }
        return mapping
    }
}

extension PropertyMapping {
    fileprivate func json(_ library: [String: LibraryMapping]) -> JSONValue {
        let entry = managed.flatMap { library[$0] }
        return [
            "pk": .string(id.text), "name": .string(name), "managed": JSONValue(managed),
            "kind": JSONValue(entry?.kind.rawValue), "about": JSONValue(entry?.about),
            "expression": .string(expression),
        ]
    }
}
