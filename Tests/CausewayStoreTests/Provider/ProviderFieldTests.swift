import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("The fields of a provider")
struct ProviderFieldTests {
    @Test("a change of a field has the effect that its line says")
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
