import CausewayJSON
import CausewayModel
import CausewayStore

/// An event about mappings, kept until the plan is applied.
struct MappingEvent: Sendable {
    let action: String
    let context: [String: JSONValue]

    func save(in transaction: Transaction) throws {
        let provider = context["provider"]?["pk"]?.integer.map { EventReference.provider(ProviderID($0)) }
        try transaction.insertEvent(
            Event(
                action: action,
                app: "mappings",
                actor: "causeway",
                context: context,
                created: transaction.now,
                related: [provider].compactMap(\.self)
            )
        )
    }
}

extension EntraProvider {
    /// How events name the provider.
    var inEvents: JSONValue { ["pk": .integer(id.rawValue), "name": .string(settings.name)] }
}
