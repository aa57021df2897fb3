import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore

/// `causeway explain NAME`, `causeway explain user NAME`, `causeway explain group NAME`
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract:
            "Explains an object: its scope, its link, its desired and known values, past actions and the next step.",
        discussion: """
            Examples: causeway explain ada; causeway explain group Staff --provider 'Entra ID'. A user is also found by the display name \
            or the e-mail address, if only one has it.
            """
    )

    @Argument(
        help: "The user name, or the group's name; user or group before it says which, if there are both.",
        completion: .list(ObjectKind.allCases.map(\.rawValue))
    )
    var name: [String]
    @Option(help: "Only this provider; by default, all providers.")
    var provider: String?
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws { _ = try search() }

    /// What the arguments name.
    private func search() throws -> ObjectSearch {
        if name.count == 1 { return ObjectSearch(kind: nil, name: name[0]) }
        guard name.count == 2, let kind = ObjectKind(rawValue: name[0]) else {
            throw ArgumentParser.ValidationError(
                "Give one name, or user or group and a name; put a name with blanks in quotes."
            )
        }
        return ObjectSearch(kind: kind, name: name[1])
    }

    func run() async throws {
        let output = Output(output)
        let search = try search()
        let (found, explanations) = try await data.withStore { store in
            let found = try await store.read { try search.find(in: $0) }
            let providers = try await providers(in: store)
            let explainer = Explainer(store: store, runtime: try data.runtime())
            var explanations: [Explanation] = []
            for provider in providers { explanations.append(try await explainer.explain(found.object, at: provider)) }
            return (found, explanations)
        }
        if output.isJSON { return output.print(.array(explanations.map(\.json))) }
        guard !explanations.isEmpty else {
            return output.print("There are no providers yet; create one with: causeway provider create")
        }
        let text = ExplanationText(terminal: output.terminal)
        for explanation in explanations {
            for line in text.lines(for: explanation, of: "\(found.object.kind.rawValue) \(found.name)") {
                output.print(line)
            }
        }
    }

    private func providers(in store: Store) async throws -> [EntraProvider] {
        if let provider { return [try await store.provider(named: provider)] }
        return try await store.read { try $0.providers() }
    }
}

extension ObjectKind: ExpressibleByArgument {}
