import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore

/// `causeway explain user NAME`, `causeway explain group NAME`
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract:
            "Explains an object: its scope, its link, its desired and known values, past actions and the next step.",
        discussion: "Examples: causeway explain user ada; causeway explain group Staff --provider 'Entra ID'"
    )

    @Argument(help: "user or group.")
    var kind: ObjectKind
    @Argument(help: "The user name, or the group's name.")
    var name: String
    @Option(help: "Only this provider; by default, all providers.")
    var provider: String?
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let output = Output(output)
        let explanations = try await data.withStore { store in
            let object = try await object(in: store)
            let providers = try await providers(in: store)
            let explainer = Explainer(store: store, runtime: try data.runtime())
            var explanations: [Explanation] = []
            for provider in providers { explanations.append(try await explainer.explain(object, at: provider)) }
            return explanations
        }
        if output.isJSON { return output.print(.array(explanations.map(\.json))) }
        guard !explanations.isEmpty else {
            return output.print("There are no providers yet; create one with: causeway provider create")
        }
        let text = ExplanationText(terminal: output.terminal)
        for explanation in explanations {
            for line in text.lines(for: explanation, of: "\(kind.rawValue) \(name)") { output.print(line) }
        }
    }

    private func providers(in store: Store) async throws -> [EntraProvider] {
        if let provider { return [try await store.provider(named: provider)] }
        return try await store.read { try $0.providers() }
    }

    private func object(in store: Store) async throws -> ObjectReference {
        let (kind, name) = (kind, name)
        return try await store.read { transaction in
            switch kind {
            case .user:
                guard let user = try transaction.user(named: name) else { throw StoreError.notFound("user", name) }
                return ObjectReference(user.id)
            case .group:
                guard let group = try transaction.group(named: name) else { throw StoreError.notFound("group", name) }
                return ObjectReference(group.id)
            }
        }
    }
}

extension ObjectKind: ExpressibleByArgument {}
