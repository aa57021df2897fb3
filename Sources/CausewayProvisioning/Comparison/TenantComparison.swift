import Algorithms
import CausewayGraph
import CausewayGraphTypes
import CausewayJSON
import CausewayMapping
package import CausewayModel
package import CausewayStore

/// Compares the tenant with the directory, object by object and member by member, through fresh reads of Graph. It relies
/// on nothing that earlier runs stored except the links.
package struct TenantComparison: Sendable {
    /// The result of the comparison.
    package struct Result: Sendable {
        package var users = 0
        package var groups = 0
        package var memberships = 0
        /// What differs, in sentences; empty if the tenant matches the directory exactly.
        package var differences: [String] = []
    }

    private let store: Store
    private let runtime: ProvisioningRuntime

    package init(store: Store, runtime: ProvisioningRuntime) {
        self.store = store
        self.runtime = runtime
    }

    /// Compares everything that a provider has in scope.
    package func run(_ provider: EntraProvider) async throws -> Result {
        try await SessionOpener(store: store, runtime: runtime).open(provider, run: .random()) { session in
            var comparison = TenantComparer(session: session)
            try await comparison.run()
            return comparison.result
        }
    }
}

/// A comparison in progress.
private struct TenantComparer {
    let session: SyncSession
    var result = TenantComparison.Result()
    /// What Graph lists, by id.
    private var remote: [String: JSONValue] = [:]
    /// The Entra ids of local objects that must be there.
    private var expected: [ObjectReference: String] = [:]

    /// What a mapping skips.
    private var skipped: Set<ObjectReference> = []

    init(session: SyncSession) { self.session = session }

    mutating func run() async throws {
        for kind in ObjectKind.allCases {
            let pages =
                kind == .user
                ? session.graph.users(select: session.selection(kind))
                : session.graph.groups(select: session.selection(kind))
            for try await page in pages {
                for object in page { remote[object["id"]?.string ?? ""] = object }
            }
        }
        try await compareUsers()
        try await compareGroups()
        try await compareMembers()
        try await findStrays()
    }

    private mutating func compareUsers() async throws {
        let ancestry = try await session.store.read { try GroupAncestry($0) }
        let provider = session.provider
        let pages = session.store.pages(by: \.id) { try $0.usersInScope(of: provider, after: $1, limit: 500) }
        for try await users in pages {
            let links = try await links(of: users.map { ObjectReference($0.id) })
            let groups = try await session.store.read {
                try $0.groups(ofUsers: users.map(\.id))
            }
            let inputs = users.map { user in
                let groups = groups[user.id] ?? []
                return MappingInput(
                    .user(user, groups: groups, allGroups: ancestry.all(of: groups)),
                    link: links[ObjectReference(user.id)]
                )
            }
            for (user, result) in zip(users, try await session.users.evaluate(inputs)) {
                let object = ObjectReference(user.id)
                compare(result.outcome, object, named: user.username, at: links[object])
            }
        }
    }

    private mutating func compareGroups() async throws {
        let provider = session.provider
        let pages = session.store.pages(by: \.id) { try $0.groupsInScope(of: provider, after: $1, limit: 500) }
        for try await groups in pages {
            let links = try await links(of: groups.map { ObjectReference($0.id) })
            let inputs = groups.map { group in
                MappingInput(.group(group, parents: []), link: links[ObjectReference(group.id)])
            }
            for (group, result) in zip(groups, try await session.groups.evaluate(inputs)) {
                let object = ObjectReference(group.id)
                compare(result.outcome, object, named: group.name, at: links[object])
            }
        }
    }

    private func links(of objects: [ObjectReference]) async throws -> [ObjectReference: ObjectLink] {
        let provider = session.provider.id
        return try await session.store.read { try $0.links(of: objects, provider: provider) }
    }

    private mutating func compare(
        _ outcome: MappingOutcome,
        _ object: ObjectReference,
        named name: String,
        at link: ObjectLink?
    ) {
        let what = "\(object.kind.rawValue) \(name)"
        if case .skipped = outcome { skipped.insert(object) }
        guard case .desired(let desired) = outcome else {
            if let link { expected[object] = link.entraID.rawValue }
            return
        }
        guard let link, let present = remote[link.entraID.rawValue]?.object else {
            return result.differences.append("\(what) is not in the tenant")
        }
        if object.kind == .user { result.users += 1 } else { result.groups += 1 }
        expected[object] = link.entraID.rawValue
        let changes = AttributeDifference(kind: object.kind, types: session.types).changes(
            from: present,
            to: desired.properties
        )
        for change in changes {
            result.differences.append(
                "\(what): \(change.attribute) is \(change.old?.text ?? "null"), should be \(change.new.text)"
            )
        }
    }

    private mutating func compareMembers() async throws {
        let provider = session.provider
        let groups = expected.filter { $0.key.kind == .group && !skipped.contains($0.key) }.sorted {
            $0.value < $1.value
        }
        let reader = MemberReader(session: session)
        for part in groups.chunks(ofCount: 100) {
            let members = try await reader.members(of: part.map { EntraObjectID($0.value) })
            for (object, id) in part {
                guard let group = object.group else { continue }
                let desired = try await session.store.read { try $0.desiredMembers(of: group, provider: provider) }
                let wanted = Set(desired.map(\.rawValue)).intersection(Set(expected.values))
                let present = Set((members[EntraObjectID(id)] ?? []).map(\.rawValue))
                result.memberships += wanted.count
                guard wanted != present else { continue }
                result.differences.append(
                    "group \(remote[id]?["displayName"]?.string ?? id): \(wanted.subtracting(present).count) members are "
                        + "missing, \(present.subtracting(wanted).count) should not be there"
                )
            }
        }
    }

    /// Objects that carry a key of Causeway's and that no link names: duplicates, or left behind.
    private mutating func findStrays() async throws {
        let linked = Set(expected.values)
        let keys = try await session.store.read { try Self.keys($0) }
        for (id, object) in remote where !linked.contains(id) {
            let isOurs =
                object["onPremisesImmutableId"]?.string.map(keys.contains) ?? false
                || object["uniqueName"]?.string.map(keys.contains) ?? false
            if isOurs {
                result.differences.append(
                    "\(object["displayName"]?.string ?? id) (\(id)) is in the tenant twice or unlinked"
                )
            }
        }
    }

    /// Every key that Causeway gives to Entra objects: users' ids and groups' unique names.
    private static func keys(_ transaction: Transaction) throws -> Set<String> {
        var keys: Set<String> = []
        var lastUser: UserID?
        while case let page = try transaction.users(after: lastUser, limit: 1000), let end = page.last {
            keys.formUnion(page.map(\.uid))
            lastUser = end.id
        }
        var lastGroup: GroupID?
        while case let page = try transaction.groups(after: lastGroup, limit: 1000), let end = page.last {
            keys.formUnion(page.map(MatchRules.uniqueName))
            lastGroup = end.id
        }
        return keys
    }
}
