import CausewayGraph
import CausewayInstallation
import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore

/// What the plans of all objects depend on, in addition to the objects themselves: the provider's settings, its mappings, the domains of
/// the tenant, and the program.
struct EvaluationBasis: Hashable, Sendable {
    /// Identifies it; another text means that everything is evaluated.
    let text: String

    init(_ session: SyncSession) {
        let provider = session.provider
        let mappings = session.mappingSets.map { set -> JSONValue in
            .array(set.mappings.map { [.string($0.name), .string($0.expression)] })
        }
        text = Fingerprint.text(of: [
            .string(Version.current), .array(ProviderSettings.fields.map { $0.value(provider.settings) }),
            .bool(provider.selectsGroups), .array(mappings), .string(session.typePolicy.rawValue),
            .string(session.organization.id), JSONValue(session.organization.verifiedDomains.sorted()),
        ])
    }
}
