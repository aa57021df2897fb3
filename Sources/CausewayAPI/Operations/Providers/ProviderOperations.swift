import CausewayJSON
import CausewayModel
import CausewayStore

/// `providers/all/`: providers of every type; there is one type.
enum ProviderOperations {
    static let handlers: [String: APIHandler] = [
        "providers_all_list": list, "providers_all_retrieve": retrieve,
        "providers_all_destroy": EntraProviderOperations.destroy,
        "providers_all_used_by_list": EntraProviderOperations.usedBy, "providers_all_types_list": types,
    ]

    @Sendable private static func list(_ request: APIRequest) async throws -> APIResponse {
        let (list, query) = (try ListRequest(request), request.query)
        let providers = try await request.store.read { transaction in
            let applications = try transaction.applications()
            let main = Set(applications.compactMap(\.provider))
            return try transaction.providers().filter { provider in
                let isUnassigned = provider.application == nil && !main.contains(provider.id)
                return (query.bool("application__isnull").map { $0 == isUnassigned } ?? true)
                    // The sign-in provider of an application is not a backchannel provider.
                    && (query.bool("backchannel").map { $0 != main.contains(provider.id) } ?? true)
            }.map { EntraProviderAnswer.common($0, applications) }
        }
        let searched = ["name", "assigned_application_name", "assigned_backchannel_application_name"]
        return try list.envelope(of: providers, searched: searched, standard: ["name", "pk"])
    }

    @Sendable private static func retrieve(_ request: APIRequest) async throws -> APIResponse {
        let json = try await request.store.read { transaction in
            EntraProviderAnswer.common(try requested(request, in: transaction), try transaction.applications())
        }
        return .ok(json)
    }

    @Sendable private static func types(_ request: APIRequest) async throws -> APIResponse {
        .ok([
            [
                "name": .string(EntraProviderAnswer.title),
                "description": "Provisions users and groups into Microsoft Entra ID over Microsoft Graph.",
                "component": .string(EntraProviderAnswer.component), "model_name": .string(APIModel.provider.name),
                "icon_url": "/static/authentik/sources/azuread.svg", "requires_enterprise": false, "deprecated": false,
            ]
        ])
    }

    private static func requested(_ request: APIRequest, in transaction: Transaction) throws -> EntraProvider {
        guard let key = request.path.integer("id"), let provider = try transaction.provider(ProviderID(key)) else {
            throw APIError.notFound("Provider")
        }
        return provider
    }
}
