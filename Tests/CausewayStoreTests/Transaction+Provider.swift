import CausewayModel
import CausewayStore

extension Transaction {
    /// A provider with ordinary settings.
    func makeProvider(_ change: (inout ProviderSettings) -> Void = { _ in }) throws -> EntraProvider {
        var settings = ProviderSettings(name: "Entra", clientID: "client", tenantID: "tenant")
        change(&settings)
        return try createProvider(settings, clientSecret: Secret("s3cret-value"))
    }
}
