import CausewayGraphTypes
import CausewayJSON
import CausewayModel

extension MappingSet {
    /// The worker's first message: what to compile, and the types that replace Microsoft's SDK.
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
            "kinds": .object(types.kinds(of: kind)), "context": .object(mappingContext.context),
            "group": mappingContext.group.map(Self.json) ?? .null, "shut": .bool(shutsDoor),
        ]
        return json.bytes
    }

    private static func json(of group: Group) -> JSONValue {
        [
            "pk": .string(group.id.text), "group_uuid": .string(group.id.text), "num_pk": .integer(group.numericKey),
            "name": .string(group.name), "is_superuser": .bool(group.isSuperuser),
            "attributes": .object(group.attributes),
        ]
    }
}

extension GraphTypes {
    /// The kind of Python value that each property takes, by both of its spellings: what the SDK's writer asks for.
    fileprivate func kinds(of kind: ObjectKind) -> [String: JSONValue] {
        let names = PropertyNames(types: self)
        let properties = properties(of: kind == .user ? "microsoft.graph.user" : "microsoft.graph.group")
        var kinds: [String: JSONValue] = [:]
        for (name, property) in properties {
            guard let sort = property.pythonKind else { continue }
            kinds[name] = .string(sort)
            kinds[names.snakeCase(name)] = .string(sort)
        }
        return kinds
    }
}

extension GraphProperty {
    /// Nil for what is not checked: types that users and groups hardly have.
    fileprivate var pythonKind: String? {
        if isCollection { return "list" }
        if name == "onPremisesImmutableId" { return "id" }
        return switch type {
        case "Edm.String": "text"
        case "Edm.Boolean": "truth"
        case "Edm.DateTimeOffset": "moment"
        case "Edm.Int32", "Edm.Int64": "whole"
        case let type where !type.hasPrefix("Edm."): "object"
        default: nil
        }
    }
}

extension GraphType {
    /// The name without its namespace.
    fileprivate var shortName: String { name.split(separator: ".").last.map(String.init) ?? name }
}
