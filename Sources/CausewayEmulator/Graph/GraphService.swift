import CausewayGraphTypes
import CausewayJSON
import Foundation
import Synchronization

/// Graph itself: takes calls, keeps the directory, answers as documented. It knows nothing of HTTP or batches.
final class GraphService: Sendable {
    let settings: EmulatorSettings
    let clock: any TenantClock
    let domains: VerifiedDomains
    let users: UserRules
    let groups: GroupRules
    let views: [EntryKind: EntryView]
    let directory: Mutex<TenantDirectory>

    init(settings: EmulatorSettings, clock: any TenantClock, types: GraphTypes) {
        self.settings = settings
        self.clock = clock
        domains = VerifiedDomains(settings)
        let userTypes = PropertyTypeRules(kind: .user, types: types)
        let groupTypes = PropertyTypeRules(kind: .group, types: types)
        users = UserRules(types: userTypes, resource: types.user, domains: domains)
        groups = GroupRules(types: groupTypes, resource: types.group)
        views = [
            .user: EntryView(kind: .user, types: types, rules: userTypes),
            .group: EntryView(kind: .group, types: types, rules: groupTypes),
        ]
        directory = Mutex(TenantDirectory(seed: settings.seed))
    }

    /// Answers a call whose token is good.
    ///
    /// - Parameter base: the URL of this version of Graph, for links in answers.
    func answer(_ call: GraphCall, base: String) throws(GraphProblem) -> GraphReply {
        guard case .name(let root)? = call.path.segments.first else { throw Self.noSuchPath("") }
        let rest = Array(call.path.segments.dropFirst())
        try require(Permission.needed(for: call))
        switch root {
        case "organization": return try organization(call)
        case "domains": return try domainList(call)
        case "users": return try collection(.user, rest, call, base)
        case "groups": return try collection(.group, rest, call, base)
        case "directoryObjects": return try directoryObject(rest, call)
        case "directory": return try recycleBin(rest, call, base)
        default: throw Self.noSuchPath(root)
        }
    }

    static func noSuchPath(_ name: String) -> GraphProblem {
        .malformed("Resource not found for the segment '\(name)'.")
    }

    private func require(_ permissions: Set<String>) throws(GraphProblem) {
        if !permissions.isEmpty, settings.permissions.isDisjoint(with: permissions) { throw .denied }
    }

    private func collection(
        _ kind: EntryKind,
        _ rest: [GraphPath.Segment],
        _ call: GraphCall,
        _ base: String
    ) throws(GraphProblem) -> GraphReply {
        guard let first = rest.first else {
            switch call.method {
            case "GET": return try list(kind, call, base)
            case "POST": return try kind == .user ? createUser(call) : createGroup(call)
            default: throw .methodNotAllowed
            }
        }
        if rest.count == 1 { return try object(kind, first, call) }
        guard kind == .group || isMemberOf(rest[1]) else { throw Self.noSuchPath("\(rest[1])") }
        return try links(kind, first, Array(rest.dropFirst()), call, base)
    }

    private func isMemberOf(_ segment: GraphPath.Segment) -> Bool {
        segment == .name("memberOf") || segment == .name("transitiveMemberOf")
    }

    private func object(
        _ kind: EntryKind,
        _ address: GraphPath.Segment,
        _ call: GraphCall
    ) throws(GraphProblem) -> GraphReply {
        switch call.method {
        case "GET": return try read(kind, address, call)
        case "PATCH": return try kind == .user ? updateUser(address, call) : updateGroup(address, call)
        case "DELETE": return try delete(kind, address)
        default: throw .methodNotAllowed
        }
    }

    // MARK: The tenant itself

    private func organization(_ call: GraphCall) throws(GraphProblem) -> GraphReply {
        guard call.method == "GET" else { throw .methodNotAllowed }
        let domains = domains.all.map { domain in
            [
                "name": .string(domain.name), "isDefault": .bool(domain.isDefault),
                "isInitial": .bool(domain.isInitial),
                "type": domain.isFederated ? "Federated" : "Managed",
                "capabilities": domain.isInitial ? "None" : "Email, OfficeCommunicationsOnline",
            ] as JSONValue
        }
        let organization: JSONValue = [
            "id": .string(settings.tenantID), "displayName": "Emulated tenant", "tenantType": "AAD",
            "onPremisesSyncEnabled": .null, "verifiedDomains": .array(domains),
        ]
        return .ok(["value": [organization]])
    }

    private func domainList(_ call: GraphCall) throws(GraphProblem) -> GraphReply {
        guard call.method == "GET" else { throw .methodNotAllowed }
        let list = domains.all.map { domain in
            [
                "id": .string(domain.name), "isDefault": .bool(domain.isDefault), "isInitial": .bool(domain.isInitial),
                "isVerified": true, "authenticationType": domain.isFederated ? "Federated" : "Managed",
            ] as JSONValue
        }
        return .ok(["value": .array(list)])
    }
}

extension VerifiedDomains {
    init(_ settings: EmulatorSettings) {
        let further = settings.domains.map { $0.lowercased() }
        all =
            further.enumerated().map { Domain(name: $1, isInitial: false, isDefault: $0 == 0, isFederated: false) }
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

/// Which application permissions an operation needs; any one of them is enough (Graph, permissions of each page).
enum Permission {
    static func needed(for call: GraphCall) -> Set<String> {
        let names = call.path.segments.compactMap { segment in
            if case .name(let name) = segment { name } else { nil }
        }
        switch (names.first, call.method) {
        case ("organization", _):
            return ["Organization.Read.All", "Directory.Read.All", "User.Read.All", "User.ReadWrite.All"]
        case ("domains", _): return ["Domain.Read.All", "Directory.Read.All"]
        case ("users", "GET"):
            return ["User.Read.All", "User.ReadBasic.All", "User.ReadWrite.All", "Directory.Read.All"]
        case ("users", "POST"): return ["User.Create", "User.ReadWrite.All", "Directory.ReadWrite.All"]
        case ("users", "PATCH"): return userUpdate(call.body?.object ?? [:])
        case ("users", _): return ["User.DeleteRestore.All", "User.ReadWrite.All"]
        case ("groups", "GET"):
            return [
                "Group.ReadBasic.All", "GroupMember.Read.All", "Group.Read.All", "Group.ReadWrite.All",
                "Directory.Read.All",
            ]
        case ("groups", _) where names.contains("members"): return ["GroupMember.ReadWrite.All", "Group.ReadWrite.All"]
        case ("groups", "POST"): return ["Group.Create", "Group.ReadWrite.All"]
        case ("groups", "PATCH") where call.body?.object?.keys.allSatisfy({ $0 == "members@odata.bind" }) == true:
            return ["GroupMember.ReadWrite.All", "Group.ReadWrite.All"]
        case ("groups", _): return ["Group.ReadWrite.All"]
        default: return ["Directory.Read.All", "User.ReadWrite.All", "Group.ReadWrite.All"]
        }
    }

    private static func userUpdate(_ body: [String: JSONValue]) -> Set<String> {
        if body["identities"] != nil { return ["User.ManageIdentities.All"] }
        if body["passwordProfile"] != nil { return ["User-PasswordProfile.ReadWrite.All"] }
        if Set(body.keys) == ["accountEnabled"] {
            return ["User.EnableDisableAccount.All", "User.ReadWrite.All", "Directory.ReadWrite.All"]
        }
        return ["User.ReadUpdate.All", "User.ReadWrite.All", "Directory.ReadWrite.All"]
    }
}
