import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Providers and their mirrors in the store")
struct ProviderStoreTests {
    @Test("a provider keeps every field, and its secret is only read on request")
    func roundTrip() async throws {
        try await StoreFixture.with { temporary in
            let stored = try await temporary.store.write { transaction in
                let mapping = PropertyMapping(name: "users", expression: "return {}")
                try transaction.saveMapping(mapping)
                let group = try transaction.createGroup(GroupProfile(name: "Pilot"))
                return try transaction.makeProvider { settings in
                    settings.excludeServiceAccounts = true
                    settings.userDeleteAction = .suspend
                    settings.groupDeleteAction = .doNothing
                    settings.filterGroup = group.id
                    settings.filterGroupRecursive = true
                    settings.groups = [group.id]
                    settings.nestedGroups = .flatten
                    settings.userMappings = [mapping.id]
                    settings.syncPageSize = 7
                    settings.syncPageTimeout = "hours=1"
                    settings.approvalLifetime = "days=2"
                    settings.discoveryEnabled = false
                    settings.dryRun = true
                    settings.cloud = .custom
                    settings.loginEndpoint = "http://127.0.0.1:1"
                    settings.graphEndpoint = "http://127.0.0.1:1/v1.0"
                    settings.scopeExitAction = .keep
                    settings.blockInactive = false
                    settings.guardMaxCount = 3
                    settings.guardMaxPercent = 4
                    settings.driftPolicy = .report
                }
            }
            let read = try await temporary.store.read { try $0.provider(named: "Entra") }
            #expect(read == stored)
            #expect("\(stored)".contains("s3cret-value") == false)
            let secret = try await temporary.store.read { try $0.clientSecret(of: stored.id) }
            #expect(secret.revealed == "s3cret-value")
        }
    }

    @Test("deleting its filter group stops a provider, and does not remove its filter")
    func vanishedFilter() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                let group = try transaction.createGroup(GroupProfile(name: "Pilot"))
                let provider = try transaction.makeProvider { $0.filterGroup = group.id }
                try transaction.deleteGroup(group.id)
                #expect(try transaction.provider(provider.id)?.vanishedFilterGroup == "Pilot")
            }
        }
    }

    @Test("deleting an application unassigns its provider")
    func deletedApplication() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                let provider = try transaction.makeProvider()
                let application = Application(name: "Entra ID", slug: "entra", backchannelProviders: [provider.id])
                try transaction.saveApplication(application)
                #expect(try transaction.provider(provider.id)?.application == application.id)
                try transaction.deleteApplication(application.id)
                #expect(try transaction.provider(provider.id) != nil)
                #expect(try transaction.provider(provider.id)?.application == nil)
            }
        }
    }

    @Test("a link outlives its local object, and a search for its Entra object finds the link")
    func connections() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                let provider = try transaction.makeProvider()
                let user = try transaction.createUser(UserProfile(username: "ada"))
                let known: [String: JSONValue] = ["userPrincipalName": "Ada@Example.com", "mail": "ada@example.com"]
                let entra = MirrorObject(kind: .user, entraID: EntraObjectID("entra-1"), known: known)
                try transaction.saveMirrorObject(entra, provider: provider.id)
                func found(_ key: MatchKey) throws -> [FoundObject] {
                    try transaction.objects(matching: [key], kind: .user, provider: provider.id)[key] ?? []
                }
                #expect(
                    try found(.userPrincipalName("ADA@example.com")) == [FoundObject(object: entra, link: nil)]
                )
                let connection = ObjectLink(
                    provider: provider.id,
                    kind: .user,
                    object: ObjectReference(user.id),
                    entraID: entra.entraID,
                    known: known
                )
                try transaction.saveLink(connection, name: "ada")
                let own = ObjectReference(user.id)
                #expect(try found(.mail("ada@example.com")).map(\.link) == [.init(name: "ada", object: own)])
                #expect(try found(.formerOwner(own)).isEmpty)
                try transaction.deleteUser(user.id)
                let left = try transaction.link(to: entra.entraID, provider: provider.id)
                #expect(left?.object == nil)
                #expect(left?.known == known)
                #expect(try found(.mail("ada@example.com")).map(\.link) == [.init(name: "ada", object: nil)])
                #expect(try found(.formerOwner(own)).map(\.object.former) == [own])
            }
        }
    }

    @Test("members are replaced by their differences; Causeway's own writes stand within the consistency window")
    func members() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                let provider = try transaction.makeProvider().id
                let group = EntraObjectID("g")
                let ids = (0..<5).map { EntraObjectID("m\($0)") }
                func merge(_ members: [EntraObjectID], after: Duration) throws {
                    let consistencyWindow = ConsistencyWindow(now: transaction.now + after, time: .seconds(60))
                    try transaction.merge(allMembers: Set(members), of: group, provider: provider, consistencyWindow)
                }
                try merge(Array(ids[0...2]), after: .zero)
                try merge(Array(ids[1...3]), after: .zero)
                #expect(try transaction.knownMembers(of: group, provider: provider) == Set(ids[1...3]))
                try transaction.recordWrite(members: [ids[4]], of: group, areMembers: true, provider: provider)
                try transaction.recordWrite(members: [ids[1]], of: group, areMembers: false, provider: provider)
                try merge(Array(ids[1...3]), after: .seconds(59))
                #expect(try transaction.knownMembers(of: group, provider: provider) == Set(ids[2...4]))
                try merge(Array(ids[1...3]), after: .seconds(60))
                #expect(try transaction.knownMembers(of: group, provider: provider) == Set(ids[1...3]))
            }
        }
    }
}
