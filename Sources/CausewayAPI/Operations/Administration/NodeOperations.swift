package import CausewayJSON
import CausewayModel
package import CausewayStore

/// `causeway/nodes/`: the servers that share the database, and their current runs.
enum NodeOperations {
    static let handlers: [String: APIHandler] = [
        "causeway_nodes_list": list, "causeway_nodes_drain_create": { try await setDraining(true, $0) },
        "causeway_nodes_undrain_create": { try await setDraining(false, $0) },
    ]

    @Sendable private static func list(_ request: APIRequest) async throws -> APIResponse {
        .ok(.array(try await request.store.read { try $0.nodeReports() }.map(\.json)))
    }

    private static func setDraining(_ isDraining: Bool, _ request: APIRequest) async throws -> APIResponse {
        let name = request.path.text("name") ?? ""
        let draining = try await request.store.read { transaction in
            try transaction.nodeReports().filter { $0.node.name == name }.map(\.node.isDraining)
        }
        guard !draining.isEmpty else { throw APIError.notFound("Node") }
        guard draining.contains(!isDraining) else { return .noContent }
        try await request.store.write { transaction in
            try transaction.setDraining(isDraining, nodesNamed: name)
            let change = FieldChange("is_draining", from: .bool(!isDraining), to: .bool(isDraining))
            try request.record(.updated, .node, name, name, change.map { [$0] } ?? [], in: transaction)
        }
        return .noContent
    }
}

extension NodeReport {
    /// As the API and the command line give it.
    package var json: JSONValue {
        [
            "id": .string(node.id), "name": .string(node.name), "version": .string(node.version),
            "state": .string(state.rawValue), "is_draining": .bool(node.isDraining),
            "started": .string(APITime.text(node.startedAt)), "seen": .string(APITime.text(node.seenAt)),
            "work": .array(
                work.map { work in
                    [
                        "run": .string(work.run.text), "provider": .integer(work.provider.rawValue),
                        "provider_name": .string(work.providerName),
                    ]
                }
            ),
        ]
    }
}
