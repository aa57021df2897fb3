import ArgumentParser
import CausewayJSON
import HTTPTypes

/// The users or groups that a command deletes.
struct DeleteArguments<Object: NamedObject>: ParsableArguments {
    @Argument(help: "The names.")
    var names: [String]
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    /// Deletes all of them, or none if one of the names is unknown. If one cannot be deleted, what was deleted before is printed.
    ///
    /// - Throws: ``UserError`` that says why.
    func delete() async throws {
        let (objects, refusal) = try await data.withStore { store in
            let objects: [Object] = try await store.objects(called: names)
            let api = try CommandAPI(store, data)
            for (place, object) in objects.enumerated() {
                do { try await api.send(.delete, object.path) } catch let refusal as UserError {
                    return (Array(objects[..<place]), UserError("\(object.name): \(refusal)") as UserError?)
                }
            }
            return (objects, nil)
        }
        show(objects)
        if let refusal { throw refusal }
    }

    private func show(_ objects: [Object]) {
        let output = Output(output)
        if output.isJSON { return output.print(["deleted": JSONValue(objects.map(\.name))]) }
        let title = Object.word.prefix(1).uppercased() + Object.word.dropFirst()
        for object in objects { output.print("\(title) '\(object.name)' was deleted.") }
    }
}
