import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayStore

/// The circumstances of a provider as a whole that decide whether Graph refuses something: its identity in Entra, its permissions, and
/// its mappings. When they change, everything is sent again.
struct RefusalCircumstances {
    let session: SyncSession

    /// Deletes refusals of other circumstances.
    func apply() async throws {
        let provider = session.provider
        let claims = try await session.graph.claims().map { claims -> JSONValue in
            [
                JSONValue(claims.application), JSONValue(claims.roles.sorted()),
                JSONValue(claims.directoryRoles.sorted()),
            ]
        }
        try await session.store.write { transaction in
            let mappings = try ObjectKind.allCases.flatMap { kind in
                try transaction.mappings(of: provider.id, kind: kind).map { JSONValue([$0.name, $0.expression]) }
            }
            let fingerprint = Fingerprint.text(of: [
                .array(claims), .string(provider.tenantID), .string(provider.clientID), .array(mappings),
            ])
            try transaction.keepRefusals(under: fingerprint, provider: provider.id)
        }
    }
}
