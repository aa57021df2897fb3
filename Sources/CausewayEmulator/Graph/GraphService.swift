import CausewayGraphTypes
import CausewayJSON
import Foundation
import Synchronization

/// Graph itself: accepts calls, stores the directory, answers as documented. It does not handle HTTP or batches.
final class GraphService: Sendable {
    let live: LiveSettings
    let clock: AdvancingClock
    let types: GraphTypes
    let views: [EntryKind: EntryView]
    let vocabularies: [EntryKind: Vocabulary]
    let directory: Mutex<TenantDirectory>
    let orders = OrderedLists()
    let delta: DeltaService
    private let propertyRules: [EntryKind: PropertyTypeRules]
    private let journal: TenantJournal?

    /// - Parameters:
    ///   - kept: the content of the tenant's file; empty for a new tenant.
    ///   - journal: where further changes are stored; nil keeps them in memory.
    init(
        settings: LiveSettings,
        clock: AdvancingClock,
        types: GraphTypes,
        kept: KeptTenant = KeptTenant(),
        journal: TenantJournal? = nil
    ) {
        live = settings
        self.clock = clock
        self.types = types
        self.journal = journal
        let views = Self.byKind { EntryView(kind: $0, types: types) }
        self.views = views
        vocabularies = Self.byKind { Vocabulary(kind: $0, types: types) }
        propertyRules = Self.byKind { PropertyTypeRules(kind: $0, types: types) }
        let mark = kept.mark ?? UUID().uuidString
        delta = DeltaService(live: settings, views: views, mark: mark, epoch: kept.deltaEpoch)
        var directory = kept.directory
        directory.reseed(settings.value.objectSeed)
        if let journal { directory.keep(in: journal) }
        self.directory = Mutex(directory)
        if kept.mark == nil { keep(.mark(mark)) }
        settingsChanged()
    }

    private static func byKind<Value>(_ make: (EntryKind) -> Value) -> [EntryKind: Value] {
        Dictionary(EntryKind.allCases.map { ($0, make($0)) }, uniquingKeysWith: { first, _ in first })
    }

    var settings: TenantSettings { live.value }
    var domains: VerifiedDomains { VerifiedDomains(settings) }

    var users: UserRules {
        UserRules(
            types: propertyRules[.user] ?? PropertyTypeRules(kind: .user, types: types),
            resource: types.user,
            domains: domains,
            bannedPasswords: settings.bannedPasswords
        )
    }

    var groups: GroupRules {
        GroupRules(
            types: propertyRules[.group] ?? PropertyTypeRules(kind: .group, types: types),
            resource: types.group,
            domains: domains
        )
    }

    /// Applies the settings that the directory itself needs.
    func settingsChanged() {
        registerApplications()
        let settings = settings
        directory.withLock {
            $0.setLags(.init(replica: settings.replicationLag, index: settings.indexLag, delta: settings.deltaLag))
        }
    }

    /// Every application has a service principal in the tenant.
    private func registerApplications() {
        let now = clock.now()
        directory.withLock { directory in
            for application in settings.applications {
                let key = UniqueKey.applicationID(application.clientID.lowercased())
                guard directory.holder(of: key) == nil else { continue }
                let properties: [String: JSONValue] = [
                    "appId": .string(application.clientID), "displayName": .string(application.name),
                    "appDisplayName": .string(application.name), "accountEnabled": .bool(application.isEnabled),
                    "servicePrincipalType": "Application", "servicePrincipalNames": [.string(application.clientID)],
                    "appOwnerOrganizationId": .string(settings.id), "signInAudience": "AzureADMyOrg",
                    "appRoleAssignmentRequired": false,
                ]
                directory.apply(.create(id: directory.makeID(), .servicePrincipal, properties), at: now)
            }
        }
    }

    /// The id of an application's service principal.
    func principalID(ofApplication clientID: String) -> String? {
        directory.withLock { directory in
            directory.holder(of: .applicationID(clientID.lowercased())).map { directory[$0].id }
        }
    }

    /// Records in the tenant's file, if there is one, what is not a change of the directory.
    func keep(_ line: JournalLine) { journal?.append(line, at: clock.now()) }

    /// Writes what changed to the tenant's file, if there is one.
    func flush() throws(EmulatorError) { try journal?.flush() }

    /// Ends every delta token given so far.
    func resetDelta() {
        delta.reset()
        keep(.deltaReset)
    }

    // MARK: Answering

    /// Answers a call with a valid token.
    ///
    /// - Parameter base: the URL of this version of Graph, for links in answers.
    func answer(_ call: GraphCall, base: String) throws(GraphProblem) -> GraphReply {
        guard AccessRules.allows(call) || isOwnPrincipal(call) else { throw .denied }
        doWhatIsDue()
        let reply = try perform(call, base)
        guard call.method == "GET", !AccessRules.mayReadProfiles(call.caller) else { return reply }
        return BasicProfile.restricted(reply, to: call)
    }

    /// Whether an application reads its own service principal, which requires no permission (Graph, "Get servicePrincipal").
    private func isOwnPrincipal(_ call: GraphCall) -> Bool {
        let path = call.path.segments
        guard call.method == "GET", path.count == 2, path[0] == .name(EntryKind.servicePrincipal.collection) else {
            return false
        }
        let found = directory.withLock { directory in try? findSeen(.servicePrincipal, path[1], in: directory).entry }
        return found?.value("appId").string?.lowercased() == call.caller.clientID
    }

    private func perform(_ call: GraphCall, _ base: String) throws(GraphProblem) -> GraphReply {
        guard case .name(let root)? = call.path.segments.first else { throw Self.noSuchPath("") }
        let rest = Array(call.path.segments.dropFirst())
        switch root {
        case "organization": return try organization(rest, call, base)
        case "domains": return try domainList(rest, call, base)
        case "users": return try collection(.user, rest, call, base)
        case "groups": return try collection(.group, rest, call, base)
        case "servicePrincipals": return try collection(.servicePrincipal, rest, call, base)
        case "directoryObjects": return try directoryObjects(rest, call, base)
        case "directory": return try recycleBin(rest, call, base)
        case "invitations" where rest.isEmpty: return try invite(call, base)
        case "subscribedSkus" where rest.isEmpty: return try subscribedSkus(call, base)
        case "me": throw Self.nobodySignedIn
        default: throw Self.noSuchPath(root)
        }
    }

    /// What the service does by itself over time.
    private func doWhatIsDue() {
        let now = clock.now()
        directory.withLock { directory in
            directory.trim(at: now)
            purgeExpired(in: &directory, now)
            processLicenses(in: &directory, now)
        }
    }

    /// Only applications sign in here; the text is Graph's.
    private static let nobodySignedIn = GraphProblem.malformed(
        "/me request is only valid with delegated authentication flow."
    )

    static func noSuchPath(_ name: String) -> GraphProblem {
        .malformed("Resource not found for the segment '\(name)'.")
    }

    private func collection(
        _ kind: EntryKind,
        _ rest: [GraphPath.Segment],
        _ call: GraphCall,
        _ base: String
    ) throws(GraphProblem) -> GraphReply {
        guard let first = rest.first else {
            switch (call.method, kind) {
            case ("GET", _): return try list(kind, call, base)
            case ("POST", .user): return try createUser(call, base)
            case ("POST", .group): return try createGroup(call, base)
            default: throw .methodNotAllowed
            }
        }
        switch first {
        case .name("$count") where rest.count == 1: return try count(kind, call)
        case .name("delta") where rest.count == 1 && kind != .servicePrincipal:
            guard call.method == "GET" else { throw .methodNotAllowed }
            return try deltaPage(kind, call, base)
        case .name("getByIds") where rest.count == 1 && call.method == "POST": return try getByIDs(call, base)
        default: break
        }
        if rest.count == 1 { return try object(kind, first, call, base) }
        return try relation(kind, first, Array(rest.dropFirst()), call, base)
    }

    private func object(
        _ kind: EntryKind,
        _ address: GraphPath.Segment,
        _ call: GraphCall,
        _ base: String
    ) throws(GraphProblem) -> GraphReply {
        switch (call.method, kind) {
        case ("GET", _): return try read(kind, address, call, base)
        case ("PATCH", .user): return try updateUser(address, call)
        case ("PATCH", .group): return try updateGroup(address, call, base)
        case ("DELETE", .user), ("DELETE", .group): return try delete(kind, address, call)
        default: throw .methodNotAllowed
        }
    }

    /// Everything below one object.
    private func relation(
        _ kind: EntryKind,
        _ address: GraphPath.Segment,
        _ rest: [GraphPath.Segment],
        _ call: GraphCall,
        _ base: String
    ) throws(GraphProblem) -> GraphReply {
        guard case .name(let name) = rest[0] else { throw Self.noSuchPath("") }
        switch (kind, name) {
        case (.group, "members"), (.group, "owners"), (_, "memberOf"), (_, "transitiveMemberOf"),
            (.group, "transitiveMembers"), (.user, "ownedObjects"), (.user, "directReports"):
            return try links(kind, address, rest, call, base)
        case (.user, "manager"): return try manager(address, rest, call, base)
        case (.user, "assignLicense"), (.group, "assignLicense"): return try assignLicense(kind, address, call, base)
        case (.user, "licenseDetails"): return try licenseDetails(address, call, base)
        case (.user, "revokeSignInSessions"): return try revokeSessions(address, call, base)
        case (.user, "photo"), (.group, "photo"): return try photo(kind, address, rest, call, base)
        case (_, let action) where Self.memberActions.contains(action):
            return try memberGroups(kind, address, name, call, base)
        default: throw Self.noSuchPath(name)
        }
    }
}
