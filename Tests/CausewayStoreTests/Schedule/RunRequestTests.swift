import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Requests for a full sync")
struct RunRequestTests {
    /// An assigned provider that uses a mapping, without a waiting request.
    private struct Fixture {
        let store: Store
        let provider: EntraProvider
        let mapping: PropertyMapping
        let application: Application

        var waiting: RunTrigger? {
            get async throws {
                try await store.read { [id = provider.id] in try $0.runState(of: id).request?.trigger }
            }
        }

        /// The request that a change makes if none was waiting before.
        func request(
            after change: @Sendable (Transaction, EntraProvider) throws -> Void
        ) async throws -> RunTrigger? {
            try await settle()
            try await store.write { [id = provider.id] transaction in
                guard let present = try transaction.provider(id) else { throw StoreError.notFound("provider", "\(id)") }
                try change(transaction, present)
            }
            return try await waiting
        }

        func settle() async throws {
            try await store.write { [id = provider.id] transaction in
                let claim = RunRequestClaim()
                try transaction.takeRequest(of: id, by: claim)
                try transaction.recordSuccess(of: id, by: claim, isFullSync: true)
            }
        }
    }

    private func withFixture(_ body: (Fixture) async throws -> Void) async throws {
        try await StoreFixture.with { temporary in
            let fixture = try await temporary.store.write { transaction in
                let mapping = PropertyMapping(name: "users", expression: "return {}")
                try transaction.saveMapping(mapping)
                let provider = try transaction.makeProvider { $0.userMappings = [mapping.id] }
                let application = Application(name: "A", slug: "a", backchannelProviders: [provider.id])
                try transaction.saveApplication(application)
                return Fixture(
                    store: temporary.store,
                    provider: provider,
                    mapping: mapping,
                    application: application
                )
            }
            try await body(fixture)
        }
    }

    @Test("a provider without an application gets no request; its assignment makes one")
    func assignment() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                let provider = try transaction.makeProvider()
                var settings = provider.settings
                settings.dryRun = true
                try transaction.updateProvider(provider.id, to: settings, clientSecret: Secret("another"))
                let isRequested = try transaction.requestRun(of: provider.id, .manual)
                let unassigned = try transaction.runState(of: provider.id)
                #expect(!isRequested && unassigned.request == nil && !unassigned.isAssigned)
                try transaction.saveApplication(Application(name: "A", slug: "a", backchannelProviders: [provider.id]))
                let assigned = try transaction.runState(of: provider.id)
                #expect(assigned.request?.trigger == .save && assigned.isAssigned)
            }
        }
    }

    @Test("a save that changes nothing makes no request, however often it is repeated")
    func sameAgain() async throws {
        try await withFixture { fixture in
            let request = try await fixture.request { transaction, provider in
                for _ in 0..<3 {
                    try transaction.updateProvider(
                        provider.id,
                        to: provider.settings,
                        clientSecret: Secret("s3cret-value")
                    )
                    try transaction.saveMapping(fixture.mapping)
                    try transaction.saveApplication(fixture.application)
                    try transaction.saveFurtherRegistrations([], of: provider)
                }
            }
            #expect(request == nil)
        }
    }

    @Test("a new name and another page size make no request")
    func withoutMeaning() async throws {
        try await withFixture { fixture in
            let request = try await fixture.request { transaction, provider in
                var settings = provider.settings
                (settings.name, settings.syncPageSize, settings.syncPageTimeout) = ("Renamed", 7, "hours=1")
                try transaction.updateProvider(provider.id, to: settings)
            }
            #expect(request == nil)
        }
    }

    @Test("a change of settings, secret or further registrations makes a request in the same transaction")
    func changes() async throws {
        try await withFixture { fixture in
            let settings = try await fixture.request { transaction, provider in
                var settings = provider.settings
                settings.excludeServiceAccounts.toggle()
                try transaction.updateProvider(provider.id, to: settings)
            }
            #expect(settings == .save)
            let secret = try await fixture.request { transaction, provider in
                try transaction.updateProvider(provider.id, to: provider.settings, clientSecret: Secret("a new secret"))
            }
            #expect(secret == .save)
            let further = [AppRegistrationCredential(clientID: "second", secret: Secret("of the second"))]
            let registration = try await fixture.request { try $0.saveFurtherRegistrations(further, of: $1) }
            #expect(registration == .save)
            let again = try await fixture.request { try $0.saveFurtherRegistrations(further, of: $1) }
            #expect(again == nil)
        }
    }

    @Test("a refused change makes no request")
    func refused() async throws {
        try await withFixture { fixture in
            try await fixture.settle()
            await #expect(throws: ValidationError.self) {
                try await fixture.store.write { transaction in
                    try transaction.updateProvider(
                        fixture.provider.id,
                        to: fixture.provider.settings,
                        clientSecret: Secret("new")
                    )
                    try transaction.saveMapping(PropertyMapping(name: "", expression: ""))
                }
            }
            let waiting = try await fixture.waiting
            #expect(waiting == nil)
        }
    }

    @Test("a change of a mapping's expression, name or assignment, and its deletion, make requests for its providers")
    func mappings() async throws {
        try await withFixture { fixture in
            let expression = try await fixture.request { transaction, _ in
                var mapping = fixture.mapping
                mapping.expression = "return {'department': 'x'}"
                try transaction.saveMapping(mapping)
            }
            #expect(expression == .save)
            let other = PropertyMapping(name: "other", expression: "return {}")
            let unused = try await fixture.request { transaction, _ in
                try transaction.saveMapping(other)
                try transaction.saveMapping(
                    PropertyMapping(id: other.id, name: "other", expression: "return {'jobTitle': 'y'}")
                )
            }
            #expect(unused == nil)
            let assigned = try await fixture.request { transaction, provider in
                var settings = provider.settings
                settings.userMappings.append(other.id)
                try transaction.updateProvider(provider.id, to: settings)
            }
            #expect(assigned == .save)
            let deleted = try await fixture.request { transaction, _ in try transaction.deleteMapping(other.id) }
            #expect(deleted == .save)
        }
    }

    @Test("of several requests the most urgent one stays")
    func urgency() async throws {
        try await withFixture { fixture in
            for (trigger, expected) in [
                (RunTrigger.schedule, RunTrigger.schedule), (.change, .change), (.save, .save), (.schedule, .save),
                (.manual, .manual), (.save, .manual),
            ] {
                if trigger == .schedule, expected == .schedule { try await fixture.settle() }
                try await fixture.store.write { try $0.requestRun(of: fixture.provider.id, trigger) }
                let waiting = try await fixture.waiting
                #expect(waiting == expected)
            }
        }
    }

    @Test("a request made during a run is a new one and outlives it")
    func duringRun() async throws {
        try await withFixture { fixture in
            let (provider, first) = (fixture.provider.id, RunRequestClaim())
            try await fixture.store.write { transaction in
                try transaction.requestRun(of: provider, .manual)
                try transaction.takeRequest(of: provider, by: first)
                try transaction.requestRun(of: provider, .save)
            }
            // Not merged with the person's request that is being served.
            let during = try await fixture.waiting
            #expect(during == .save)
            try await fixture.store.write { try $0.recordSuccess(of: provider, by: first, isFullSync: true) }
            let after = try await fixture.waiting
            #expect(after == .save)
        }
    }

    @Test("a run does not answer a request that another run has claimed")
    func holders() async throws {
        try await withFixture { fixture in
            try await fixture.store.write { transaction in
                try transaction.takeRequest(of: fixture.provider.id, by: RunRequestClaim())
                try transaction.recordSuccess(of: fixture.provider.id, by: RunRequestClaim(), isFullSync: true)
            }
            let waiting = try await fixture.waiting
            #expect(waiting == .save)
        }
    }
}
