import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayStore
import Crypto
import Foundation

/// `managed/blueprints/`: the one with the mappings of the product. Others would need authentik's whole engine, and are refused.
enum BlueprintOperations {
    static let handlers: [String: APIHandler] = [
        "managed_blueprints_list": list, "managed_blueprints_create": refuse,
        "managed_blueprints_retrieve": retrieve, "managed_blueprints_update": change,
        "managed_blueprints_partial_update": change, "managed_blueprints_destroy": change,
        "managed_blueprints_apply_create": apply, "managed_blueprints_used_by_list": usedBy,
        "managed_blueprints_available_list": available, "managed_blueprints_import_create": refuse,
    ]

    private static let path = "system/providers-microsoft-entra.yaml"
    private static let name = "System - Microsoft Entra Provider - Mappings"
    private static let id = "6d4b7a0e-2c8f-4d19-9a53-0f6f1b9f3c21"
    private static let labels: JSONValue = ["blueprints.goauthentik.io/system": "true"]

    @Sendable private static func list(_ request: APIRequest) async throws -> APIResponse {
        let (list, query) = (try ListRequest(request), request.query)
        let all = [try await json(request)].filter { blueprint in
            ["name", "path"].allSatisfy { field in query.text(field).map { $0 == blueprint[field]?.string } ?? true }
        }
        return try list.envelope(of: all, searched: ["name", "path"], standard: ["name"])
    }

    @Sendable private static func retrieve(_ request: APIRequest) async throws -> APIResponse {
        try requireKnown(request)
        return .ok(try await json(request))
    }

    /// Resets the mappings of the product to how they were delivered.
    @Sendable private static func apply(_ request: APIRequest) async throws -> APIResponse {
        try requireKnown(request)
        let before = try await request.store.read { try $0.mappings() }
        try await ManagedMappings(store: request.store).install()
        try await request.store.write { transaction in
            try request.record(.updated, .blueprint, id, name, in: transaction)
            let known = Dictionary(before.map { ($0.id, $0) }) { $1 }
            for mapping in try transaction.mappings() where known[mapping.id] != mapping {
                let kind: EventKind = known[mapping.id] == nil ? .created : .updated
                let changes = mapping.allChanges(since: known[mapping.id] ?? .blank)
                try MappingOperations.record(kind, mapping, request, changes, in: transaction)
            }
        }
        return .ok(try await json(request))
    }

    @Sendable private static func usedBy(_ request: APIRequest) async throws -> APIResponse {
        try requireKnown(request)
        return .ok([])
    }

    @Sendable private static func available(_ request: APIRequest) async throws -> APIResponse {
        let since = try await request.store.read { try $0.installedAt() }
        return .ok([
            [
                "path": .string(path), "last_m": .string(APITime.text(since)), "hash": .string(hash),
                "meta": ["name": .string(name), "labels": labels],
            ]
        ])
    }

    @Sendable private static func refuse(_ request: APIRequest) async throws -> APIResponse {
        throw APIError.invalid(
            "non_field_errors",
            "Causeway has only the blueprint of its own mappings; create objects with the API or with Terraform."
        )
    }

    @Sendable private static func change(_ request: APIRequest) async throws -> APIResponse {
        try requireKnown(request)
        return try await refuse(request)
    }

    private static func requireKnown(_ request: APIRequest) throws {
        guard request.path.uuid("instance_uuid")?.uuidString.lowercased() == id else {
            throw APIError.notFound("BlueprintInstance")
        }
    }

    private static var hash: String {
        let text = MappingLibrary.managed.map { $0.name + $0.expression }.joined()
        return SHA512.hash(data: Data(text.utf8)).hexadecimalText
    }

    private static func json(_ request: APIRequest) async throws -> JSONValue {
        let (present, since) = try await request.store.read { (try $0.mappings(), try $0.installedAt()) }
        let isWhole = MappingLibrary.managed.allSatisfy { wanted in
            present.contains { $0.managed == wanted.managed && $0.expression == wanted.expression }
        }
        return [
            "pk": .string(id), "name": .string(name), "path": .string(path), "context": [:],
            "last_applied": .string(APITime.text(since)), "last_applied_hash": .string(hash),
            "status": isWhole ? "successful" : "warning", "enabled": true,
            "managed_models": [.string("\(APIModel.mapping.app).\(APIModel.mapping.name)")],
            "metadata": ["name": .string(name), "labels": labels], "content": "",
        ]
    }
}
