import CausewayGraphTypes
import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayMapping
@testable import CausewayProvisioning

/// The directory of the differential test in a real store, and both ways to evaluate mappings with it.
struct DifferentialDirectory {
    private let store: Store
    private let users: [User]
    private let groups: [Group]
    private let userInputs: [MappingInput]
    private let groupInputs: [MappingInput]
    private let types: GraphTypes
    private let host: MappingEnvironment
    private let memberships: [GroupID: [UserID]]

    private static let provider = EntraProvider(
        id: ProviderID(1),
        settings: ProviderSettings(name: "Entra ID", clientID: "client", tenantID: "tenant")
    )

    static func resource(_ name: String) throws -> URL {
        Bundle.module.bundleURL.appending(path: "Resources/\(name)")
    }

    static func with(_ body: (DifferentialDirectory) async throws -> Void) async throws {
        try await StoreFixture.with { try await body(try await DifferentialDirectory($0.store)) }
    }

    private init(_ store: Store) async throws {
        self.store = store
        types = try GraphTypes.load()
        var host = try MappingEnvironment.find()
        // Other tests run at the same time.
        host.limits.timeLimit = .seconds(60)
        self.host = host
        let text = try Data(contentsOf: Self.resource("directory.json"))
        let json = try JSONValue(parsing: Array(text))
        let connections = json["connections"]?.object ?? [:]
        (users, groups, userInputs, groupInputs, memberships) = try await store.write { transaction in
            let keys = try Self.fill(transaction, json)
            let ancestry = try GroupAncestry(transaction)
            let users = try transaction.users(after: nil, limit: 1000)
            // In the order of the file, since results are compared by place.
            let groups = try (json["groups"]?.array ?? []).compactMap { group in
                try group["key"]?.string.flatMap { keys[$0] }.flatMap { try transaction.group($0) }
            }
            let userInputs = try users.map { user in
                let direct = try transaction.groups(ofUsers: [user.id])[user.id] ?? []
                return MappingInput(
                    .user(user, groups: direct, allGroups: ancestry.all(of: direct)),
                    link: Self.connection(.user, connections["user:\(user.username)"])
                )
            }
            let names = Dictionary(keys.map { ($0.value, $0.key) }, uniquingKeysWith: { $1 })
            let groupInputs = try groups.map { group in
                let parents = try transaction.parents(of: group.id).compactMap { try transaction.group($0) }
                let known = connections["group:\(names[group.id] ?? "")"]
                return MappingInput(.group(group, parents: parents), link: Self.connection(.group, known))
            }
            let members = try groups.map { ($0.id, try transaction.members(of: $0.id)) }
            return (users, groups, userInputs, groupInputs, Dictionary(members, uniquingKeysWith: { $1 }))
        }
    }

    private static func fill(_ transaction: Transaction, _ json: JSONValue) throws -> [String: GroupID] {
        var keys: [String: GroupID] = [:]
        for group in json["groups"]?.array ?? [] {
            let profile = GroupProfile(
                name: group["name"]?.string ?? "",
                isSuperuser: group["is_superuser"] == true,
                attributes: group["attributes"]?.object ?? [:]
            )
            let made = try transaction.createGroup(profile)
            keys[group["key"]?.string ?? ""] = made.id
            for parent in group["parents"]?.array ?? [] {
                try transaction.addParent(try #require(parent.string.flatMap { keys[$0] }), to: made.id)
            }
        }
        for user in json["users"]?.array ?? [] {
            let made = try transaction.createUser(
                UserProfile(
                    username: user["username"]?.string ?? "",
                    name: user["name"]?.string ?? "",
                    email: user["email"]?.string ?? "",
                    isActive: user["is_active"] == true,
                    type: try #require(user["type"]?.string.flatMap(UserType.init(rawValue:))),
                    path: user["path"]?.string ?? "users",
                    attributes: user["attributes"]?.object ?? [:]
                )
            )
            for group in user["groups"]?.array ?? [] {
                try transaction.addMember(made.id, to: try #require(group.string.flatMap { keys[$0] }))
            }
        }
        return keys
    }

    private static func connection(_ kind: ObjectKind, _ json: JSONValue?) -> ObjectLink? {
        (json?["known"]?.object).map {
            ObjectLink(provider: provider.id, kind: kind, object: nil, entraID: EntraObjectID("e-1"), known: $0)
        }
    }

    func name(_ place: Int, _ kind: ObjectKind) -> String { kind == .user ? users[place].username : groups[place].name }

    // MARK: In a worker

    func results(of one: DifferentialCase) async throws -> [JSONValue] {
        let mappings = one.expressions.enumerated().map { PropertyMapping(name: "\($0 + 1)", expression: $1) }
        let set = MappingSet(kind: one.kind, mappings: mappings, provider: Self.provider)
        let worker = WorkerProcess(command: WorkerCommand(environment: host))
        defer { worker.stop() }
        let begun = try JSONValue(
            parsing: await host.begin(set.configuration(types: types, shutsDoor: true), on: worker)
        )
        let inputs = one.kind == .user ? userInputs : groupInputs
        if let fault = begun["faults"]?.array?.first {
            return inputs.map { _ in ["error": fault["type"] ?? .null] }
        }
        let encoder = MappingEncoder(
            contents: .init(groups: set.asksForGroups, link: set.asksForLink, times: set.asksForTimes),
            names: PropertyNames(types: types)
        )
        let conversation = WorkerConversation(
            worker: worker,
            encoder: encoder,
            directory: DirectoryLookup(store: store),
            limits: host.limits
        )
        let bytes = try await conversation.reply(to: encoder.page(inputs[...]), count: inputs.count)
        return try bytes.withUnsafeBytes { try Self.outcomes(MarshalReader($0)) }
    }

    private static func outcomes(_ reader: consuming MarshalReader) throws -> [JSONValue] {
        let parts = try reader.tuple()
        #expect(parts == 2)
        let shapes = try #require(JSONValue(parsing: reader.data()).array)
        let count = try reader.list()
        return try (0..<count).map { _ in
            guard reader.next == .tuple else { return try outcome(JSONValue(parsing: reader.data()), shapes) }
            let row = try (0..<reader.tuple()).map { _ in try reader.value() }
            return try result(row.first, Array(row.dropFirst(2)), shapes)
        }
    }

    private static func outcome(_ reply: JSONValue, _ shapes: [JSONValue]) throws -> JSONValue {
        let parts = try #require(reply.array)
        return switch parts.first?.integer {
        case 0: try result(parts[1], try #require(parts[2].array), shapes)
        case 1: ["skip": true]
        default: ["error": parts[1]["type"] ?? .null]
        }
    }

    private static func result(_ shape: JSONValue?, _ values: [JSONValue], _ shapes: [JSONValue]) throws -> JSONValue {
        let shape = shapes[Int(try #require(shape?.integer))]
        let names = try #require(shape.array?.first?.array).map { try #require($0.string) }
        return ["result": .object(Dictionary(uniqueKeysWithValues: zip(names, values)))]
    }

    // MARK: In the reference environment

    func referenceResults(of cases: [DifferentialCase]) async throws -> [String: JSONValue] {
        let input: JSONValue = [
            "directory": directory, "models": models, "cases": .array(cases.map(\.json)),
        ]
        let run = try await Program.run(
            ["-I", try Self.resource("reference.py").path],
            at: URL(filePath: host.python.path),
            input: input.bytes
        )
        try #require(run.status == 0, "\(run.errors)")
        return try #require(run.json["results"]?.object)
    }

    private var models: JSONValue {
        let models = types.types.values.filter { $0.kind != .enumeration }.map { type in
            (
                String(type.name.split(separator: ".").last ?? ""),
                JSONValue(types.properties(of: type.name).keys.sorted())
            )
        }
        return .object(Dictionary(models, uniquingKeysWith: { $1 }))
    }

    private var directory: JSONValue {
        let linked =
            Array(zip(users.map { "user:\($0.id)" }, userInputs))
            + Array(zip(groups.map { "group:\($0.id.text)" }, groupInputs))
        let connections = linked.compactMap { key, input in
            input.link.map { link -> (String, JSONValue) in
                (key, ["microsoft_id": .string(link.entraID.rawValue), "attributes": Self.snake(.object(link.known))])
            }
        }
        let settings = Self.provider.settings
        return [
            "provider": [
                "pk": 1, "name": .string(settings.name), "tenant_id": .string(settings.tenantID),
                "client_id": .string(settings.clientID),
                "exclude_users_service_account": .bool(settings.excludeServiceAccounts),
                "user_delete_action": .string(settings.userDeleteAction.rawValue),
                "group_delete_action": .string(settings.groupDeleteAction.rawValue), "dry_run": .bool(settings.dryRun),
                "filter_group": .null,
            ],
            "groups": .array(zip(groups, groupInputs).map(Self.json)), "users": .array(users.map(json)),
            "connections": .object(Dictionary(connections, uniquingKeysWith: { $1 })),
        ]
    }

    private static func json(_ group: Group, _ input: MappingInput) -> JSONValue {
        guard case .group(_, let parents) = input.subject else { return .null }
        return [
            "pk": .string(group.id.text), "num_pk": .integer(group.numericKey), "name": .string(group.name),
            "is_superuser": .bool(group.isSuperuser), "attributes": .object(group.attributes),
            "parents": JSONValue(parents.map(\.id.text)),
        ]
    }

    private func json(_ user: User) -> JSONValue {
        let groups = groups.filter { memberships[$0.id]?.contains(user.id) == true }
        return [
            "pk": .integer(user.id.rawValue), "uuid": .string(user.uuid.uuidString.lowercased()),
            "uid": .string(user.uid),
            "username": .string(user.username), "name": .string(user.name), "email": .string(user.email),
            "is_active": .bool(user.isActive), "type": .string(user.type.rawValue), "path": .string(user.path),
            "attributes": .object(user.attributes), "date_joined": .string(user.dateJoined.text),
            "last_updated": .string(user.lastUpdated.text), "groups": JSONValue(groups.map(\.id.text)),
        ]
    }

    /// Names at every depth in Python's spelling.
    private static func snake(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            let renamed = members.map { name, value in
                (
                    name.replacing(/(?<before>.)(?<capital>[A-Z])/) { "\($0.before)_\($0.capital)" }.lowercased(),
                    snake(value)
                )
            }
            return .object(Dictionary(renamed, uniquingKeysWith: { $1 }))
        case .array(let values): return .array(values.map(snake))
        default: return value
        }
    }
}
