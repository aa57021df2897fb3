import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import HTTPTypes

/// `causeway/providers/{id}/overview/` and `events/`: the numbers of a provider, and when they change.
enum OverviewOperations {
    static let handlers: [String: APIHandler] = [
        "causeway_providers_overview_retrieve": overview, "causeway_providers_events_retrieve": events,
    ]

    @Sendable private static func overview(_ request: APIRequest) async throws -> APIResponse {
        .ok(
            try await request.store.read { transaction -> JSONValue in
                let provider = try EntraProviderOperations.requested(request, in: transaction)
                let found = try transaction.overview(of: provider)
                let tenant = try transaction.knownTenant(of: provider.id)
                let trials = try transaction.trials(of: provider.id)
                let running = try found.running.flatMap(transaction.run)
                return [
                    "users": json(found.users), "groups": json(found.groups), "tenant": tenant.map(json) ?? .null,
                    "portal": JSONValue(EntraPortal(of: provider.settings)?.tenant),
                    "queued": found.queued.map(json) ?? .null,
                    "running": try running.map { try RunAnswer.json($0, in: transaction) } ?? .null,
                    "waiting_run": JSONValue(found.waiting?.text),
                    "last_full_sync": JSONValue(found.lastFullSync.map(APITime.text)),
                    "next_run": JSONValue(found.nextRun.map(APITime.text)),
                    "connection_checked": JSONValue(trials[.connection].map(APITime.text)),
                    "mapping_previewed": JSONValue(trials[.mapping].map(APITime.text)),
                    "credentials": .array(try credentials(of: provider, in: transaction)),
                ]
            }
        )
    }

    private static func json(_ counts: ObjectCounts) -> JSONValue {
        [
            "in_scope": .integer(Int64(counts.inScope)), "linked": .integer(Int64(counts.linked)),
            "suspended": .integer(Int64(counts.suspended)), "failing": .integer(Int64(counts.failing)),
            "retried": .integer(Int64(counts.retried)), "refused": .integer(Int64(counts.refused)),
            "waiting": .integer(Int64(counts.waiting)),
        ]
    }

    private static func json(_ tenant: KnownTenant) -> JSONValue {
        [
            "id": .string(tenant.id), "name": .string(tenant.displayName),
            "verified_domains": JSONValue(tenant.verifiedDomains.sorted()),
        ]
    }

    private static func json(_ request: RunRequest) -> JSONValue {
        ["trigger": .string(request.trigger.rawValue), "requested": .string(APITime.text(request.requestedAt))]
    }

    /// The credentials without their secrets. Secrets are opened only if a certificate's end is in them.
    private static func credentials(of provider: EntraProvider, in transaction: Transaction) throws -> [JSONValue] {
        let portal = EntraPortal(of: provider.settings)
        return try ends(of: provider, in: transaction).map { credential in
            [
                "client_id": .string(credential.clientID), "kind": .string(credential.kind.rawValue),
                "expires": JSONValue(credential.end.map(APITime.text)),
                "is_ending": .bool(credential.isEnding(at: transaction.now)),
                "portal": JSONValue(portal?.credentials(of: credential.clientID)),
            ]
        }
    }

    private static func ends(of provider: EntraProvider, in transaction: Transaction) throws -> [CredentialEnd] {
        if provider.credentialKind == .certificate, let opened = try? transaction.registrations(of: provider) {
            return CredentialEnd.all(of: provider, opened)
        }
        let names = [provider.clientID] + (try transaction.furtherClientIDs(of: provider.id))
        let closed = names.map { AppRegistrationCredential(clientID: $0, secret: Secret("")) }
        return CredentialEnd.all(of: provider, closed)
    }

    /// The state of a provider as server-sent events, one whenever it has changed.
    @Sendable private static func events(_ request: APIRequest) async throws -> APIResponse {
        let provider = try await request.store.read { try EntraProviderOperations.requested(request, in: $0).id }
        return APIResponse(
            status: .ok,
            content: .events(ProviderEvents(provider: provider, store: request.store).stream)
        )
    }
}
