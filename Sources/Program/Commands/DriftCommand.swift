import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayStore

/// `causeway drift PROVIDER`
struct DriftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drift",
        abstract: "Lists changes by others in Entra, with old and new values and the result of each."
    )

    @Argument(help: "The provider's name.")
    var provider: String
    @Flag(help: "Also changes that are resolved.")
    var all = false
    @Option(help: "The maximum number of lines, the latest first.")
    var limit = 200
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard limit > 0 else { throw ArgumentParser.ValidationError("--limit must be 1 or more.") }
    }

    func run() async throws {
        let (all, limit) = (all, limit)
        let found = try await data.withStore { store in
            let provider = try await store.provider(named: provider)
            return try await store.read {
                try $0.drifts(of: provider.id, standing: !all, before: nil, limit: limit)
            }
        }
        let output = Output(output)
        if output.isJSON { return output.print(.array(found.map(\.json))) }
        var table = Table(
            ("Seen", .left),
            ("Object", .name),
            ("Attribute", .left),
            ("Old", .left),
            ("New", .left),
            ("State", .left)
        )
        for entry in found {
            let drift = entry.drift
            table.add(
                drift.seen.text,
                "\(drift.kind.rawValue) \(entry.name ?? drift.entraID.rawValue)",
                drift.member.map { "\(drift.attribute) \($0)" } ?? drift.attribute,
                drift.old.text,
                drift.new.text,
                drift.status.rawValue
            )
        }
        output.print(table, orIfEmpty: "No drift: nobody else has changed a value that '\(provider)' manages.")
    }
}

extension NamedDrift {
    fileprivate var json: JSONValue {
        [
            "seen": .string(drift.seen.text), "kind": .string(drift.kind.rawValue), "name": JSONValue(name),
            "entra_id": .string(drift.entraID.rawValue), "attribute": .string(drift.attribute),
            "member": JSONValue(drift.member?.rawValue), "old": drift.old, "new": drift.new,
            "status": .string(drift.status.rawValue),
        ]
    }
}
