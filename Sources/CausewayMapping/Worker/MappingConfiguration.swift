import CausewayGraphTypes
import CausewayJSON
import CausewayModel

extension MappingSet {
    /// The worker's first message: what to compile, and the types that stand in for Microsoft's SDK.
    ///
    /// - Parameter shutsDoor: whether the worker gives up further system calls once it is ready.
    func configuration(types: GraphTypes, shutsDoor: Bool) -> [UInt8] {
        let models = types.types.values.filter { $0.kind != .enumeration }
        let enumerations = types.types.values.filter { $0.kind == .enumeration }
        let json: JSONValue = [
            "types": [
                "models": .object(
                    Dictionary(
                        models.map { ($0.shortName, JSONValue(types.properties(of: $0.name).keys.sorted())) },
                        uniquingKeysWith: { $1 }
                    )
                ),
                "enumerations": .object(
                    Dictionary(enumerations.map { ($0.shortName, JSONValue($0.members)) }, uniquingKeysWith: { $1 })
                ),
            ],
            "provider": [
                "pk": .integer(provider.id.rawValue), "name": .string(provider.name),
                "tenant_id": .string(provider.tenantID), "client_id": .string(provider.clientID),
                "exclude_users_service_account": .bool(provider.excludeServiceAccounts),
                "user_delete_action": .string(provider.userDeleteAction.rawValue),
                "group_delete_action": .string(provider.groupDeleteAction.rawValue),
                "dry_run": .bool(provider.dryRun), "filter_group": JSONValue(provider.filterGroup?.text),
            ],
            "mappings": .array(mappings.map { ["name": .string($0.name), "expression": .string($0.expression)] }),
            "shut": .bool(shutsDoor),
        ]
        return json.bytes
    }
}

extension GraphType {
    /// The name without its namespace.
    fileprivate var shortName: String { name.split(separator: ".").last.map(String.init) ?? name }
}
