import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Every field of a provider")
struct ProviderFieldTests {
    @Test("the store writes and reads every field")
    func stored() async throws {
        try await StoreFixture.with { fixture in
            var count = 0
            for (number, field) in ProviderSettings.fields.enumerated() {
                let blank = ProviderSettings(name: "Entra \(number)", clientID: "client", tenantID: "tenant")
                guard let changed = blank.changed(field) else { continue }
                let read = try await fixture.store.write { transaction in
                    let id = try transaction.createProvider(blank, clientSecret: Secret("")).id
                    try transaction.updateProvider(id, to: changed, clientSecret: Secret("s3cret-value"))
                    return try transaction.provider(id)?.settings
                }
                #expect(read == changed, "\(field.name)")
                #expect(read != blank, "\(field.name)")
                count += 1
            }
            let references = ProviderSettings.fields.count { field in
                switch field.kind {
                case .reference, .references: true
                default: false
                }
            }
            #expect(count + references == ProviderSettings.fields.count)
        }
    }

    @Test("a change of a field has the effect that its definition says")
    func effects() {
        let blank = EntraProvider(
            id: ProviderID(1),
            settings: ProviderSettings(name: "E", clientID: "c", tenantID: "t")
        )
        for field in ProviderSettings.fields {
            guard let settings = blank.settings.changed(field) else { continue }
            var changed = blank
            changed.settings = settings
            #expect((changed.meaning == blank.meaning) == (field.effect == .nothing), "\(field.name)")
            #expect((changed.planShape == blank.planShape) == (field.effect != .plan), "\(field.name)")
        }
    }
}
