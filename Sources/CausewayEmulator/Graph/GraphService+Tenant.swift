import CausewayJSON
import Foundation
import Synchronization

// The tenant's description of itself.

extension GraphService {
    func organization(_ rest: [GraphPath.Segment], _ call: GraphCall, _ base: String) throws(GraphProblem) -> GraphReply
    {
        guard call.method == "GET" else { throw .methodNotAllowed }
        let domains = domains.all.map { domain in
            [
                "name": .string(domain.name), "isDefault": .bool(domain.isDefault),
                "isInitial": .bool(domain.isInitial),
                "type": domain.isFederated ? "Federated" : "Managed",
                "capabilities": domain.isInitial ? "None" : "Email, OfficeCommunicationsOnline",
            ] as JSONValue
        }
        let organization: [String: JSONValue] = [
            "id": .string(settings.id), "displayName": .string(settings.name), "tenantType": "AAD",
            "onPremisesSyncEnabled": .null, "onPremisesLastSyncDateTime": .null, "countryLetterCode": "US",
            "defaultUsageLocation": .null, "assignedPlans": [], "verifiedDomains": .array(domains),
        ]
        let names = call.option("select")?.split(separator: ",").map(String.init)
        let shown =
            names.map { names in organization.filter { names.contains($0.key) || $0.key == "id" } } ?? organization
        guard let address = rest.first else {
            return .ok(["@odata.context": .string("\(base)/$metadata#organization"), "value": [.object(shown)]])
        }
        guard case .name(let id) = address, id.lowercased() == settings.id.lowercased() else {
            throw .notFound("\(address)")
        }
        return .ok(.object(shown.merging(["@odata.context": .string("\(base)/$metadata#organization/$entity")]) { $1 }))
    }

    func domainList(_ rest: [GraphPath.Segment], _ call: GraphCall, _ base: String) throws(GraphProblem) -> GraphReply {
        guard call.method == "GET" else { throw .methodNotAllowed }
        let list = domains.all.map { domain -> [String: JSONValue] in
            [
                "id": .string(domain.name), "isDefault": .bool(domain.isDefault), "isInitial": .bool(domain.isInitial),
                "isVerified": true, "isRoot": true, "isAdminManaged": true,
                "authenticationType": domain.isFederated ? "Federated" : "Managed",
                "supportedServices": domain.isInitial ? [] : ["Email", "OfficeCommunicationsOnline"],
                "passwordNotificationWindowInDays": 14, "passwordValidityPeriodInDays": 90,
            ]
        }
        guard case .name(let name)? = rest.first else {
            return .ok([
                "@odata.context": .string("\(base)/$metadata#domains"), "value": .array(list.map(JSONValue.object)),
            ])
        }
        guard let domain = list.first(where: { $0["id"] == .string(name.lowercased()) }) else { throw .notFound(name) }
        return .ok(.object(domain.merging(["@odata.context": .string("\(base)/$metadata#domains/$entity")]) { $1 }))
    }
}

extension TenantSettings {
    /// Whether the tenant has this name: its id, or one of its domains.
    func isNamed(_ name: String) -> Bool {
        name.lowercased() == id.lowercased() || VerifiedDomains(self).contains(name)
    }
}

extension VerifiedDomains {
    init(_ settings: TenantSettings) {
        let further = settings.domains.map { $0.lowercased() }
        let federated = Set(settings.federatedDomains.map { $0.lowercased() })
        all =
            further.enumerated().map {
                Domain(name: $1, isInitial: false, isDefault: $0 == 0, isFederated: federated.contains($1))
            }
            + [
                Domain(
                    name: settings.initialDomain.lowercased(),
                    isInitial: true,
                    isDefault: further.isEmpty,
                    isFederated: false
                )
            ]
    }
}
