import CausewayJSON
import CausewayModel
import CausewayStore
import Testing

@Suite("Providers and what they know, in the store")
struct ProviderStoreTests {
    @Test("a provider keeps every field and its secret comes back only on request")
    func roundTrip() async throws {
        try await TemporaryStore.with { temporary in
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

    @Test("a deleted filter group leaves a provider that stands still, not one without a filter")
    func vanishedFilter() async throws {
        try await TemporaryStore.with { temporary in
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
        try await TemporaryStore.with { temporary in
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

    @Test("a link outlives its local object, and its Entra object is unlinked no more")
    func connections() async throws {
        try await TemporaryStore.with { temporary in
            try await temporary.store.write { transaction in
                let provider = try transaction.makeProvider()
                let user = try transaction.createUser(UserProfile(username: "ada"))
                let run = Run(provider: provider.id, trigger: .manual, startedAt: transaction.now)
                let known: [String: JSONValue] = ["userPrincipalName": "Ada@Example.com", "mail": "ada@example.com"]
                let entraID = EntraObjectID("entra-1")
                let unlinked = UnlinkedObject(kind: .user, entraID: entraID, known: known)
                try transaction.saveUnlinkedObject(unlinked, provider: provider.id)
                let found = try transaction.unlinkedObjects(
                    matching: .userPrincipalName("ADA@example.com"),
                    kind: .user,
                    provider: provider.id
                )
                #expect(found == [unlinked])
                let connection = Connection(
                    provider: provider.id,
                    kind: .user,
                    object: ObjectReference(user.id),
                    entraID: entraID,
                    known: known
                )
                try transaction.saveConnection(connection, name: "ada", seenIn: run.id)
                #expect(
                    try transaction.unlinkedObjects(
                        matching: .mail("ada@example.com"),
                        kind: .user,
                        provider: provider.id
                    )
                    .isEmpty
                )
                try transaction.deleteUser(user.id)
                let left = try transaction.connection(to: entraID, provider: provider.id)
                #expect(left?.object == nil)
                #expect(left?.known == known)
            }
        }
    }

    @Test("members are replaced by their differences, and desired members know their links")
    func members() async throws {
        try await TemporaryStore.with { temporary in
            try await temporary.store.write { transaction in
                let provider = try transaction.makeProvider()
                let group = EntraObjectID("g")
                let ids = (0..<4).map { EntraObjectID("m\($0)") }
                try transaction.replaceKnownMembers(of: group, with: Set(ids[0...2]), provider: provider.id)
                try transaction.replaceKnownMembers(of: group, with: Set(ids[1...3]), provider: provider.id)
                #expect(try transaction.knownMembers(of: group, provider: provider.id) == Set(ids[1...3]))
            }
        }
    }
}
