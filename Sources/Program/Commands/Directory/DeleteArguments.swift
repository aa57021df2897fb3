import ArgumentParser
import CausewayJSON
import HTTPTypes

/// The users or groups that a command deletes.
struct DeleteArguments<Object: NamedObject>: ParsableArguments {
    @Argument(help: "The names.")
    var names: [String]
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    /// Deletes all of them, or none if one of the names is unknown.
    func delete() async throws {
        let objects: [Object] = try await data.withStore { store in
            let objects: [Object] = try await store.objects(called: names)
            let api = try CommandAPI(store, data)
            for object in objects { try await api.send(.delete, object.path) }
            return objects
        }
        let output = Output(output)
        if output.isJSON { return output.print(["deleted": JSONValue(objects.map(\.name))]) }
        let title = Object.word.prefix(1).uppercased() + Object.word.dropFirst()
        for object in objects { output.print("\(title) '\(object.name)' was deleted.") }
    }
}
