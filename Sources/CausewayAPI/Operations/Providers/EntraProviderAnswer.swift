import CausewayJSON
import CausewayModel
import CausewayStore

/// Microsoft Entra providers in authentik's form.
enum EntraProviderAnswer {
    static let component = "ak-provider-microsoft-entra-form"
    static let title = "Microsoft Entra Provider"

    private static let names: [String: JSONValue] = [
        "component": .string(component), "verbose_name": .string(title),
        "verbose_name_plural": "Microsoft Entra Providers",
        "meta_model_name": .string("\(APIModel.provider.app).\(APIModel.provider.name)"),
    ]

    /// A provider with all its settings. The secret is never included; its field is there, since older clients demand it.
    ///
    /// - Parameter lastSync: nil if there was none.
    static func json(_ provider: EntraProvider, _ applications: [Application], _ lastSync: Run?) -> JSONValue {
        let application = applications.first { $0.id == provider.application }
        var json = names.merging(ProviderSettings.fields.values(of: provider.settings)) { $1 }
        json.merge([
            "pk": .integer(provider.id.rawValue), "client_secret": "",
            "assigned_backchannel_application_slug": JSONValue(application?.slug),
            "assigned_backchannel_application_name": JSONValue(application?.name),
            "vanished_filter_group": JSONValue(provider.vanishedFilterGroup),
            "last_sync": lastSync.map(SyncAnswer.json) ?? .null,
        ]) { $1 }
        return .object(json)
    }

    /// A provider in the list of providers of all types.
    static func common(_ provider: EntraProvider, _ applications: [Application]) -> JSONValue {
        let backchannel = applications.first { $0.id == provider.application }
        let main = applications.first { $0.provider == provider.id }
        var json = names
        json.merge([
            "pk": .integer(provider.id.rawValue), "name": .string(provider.name), "authentication_flow": .null,
            "authorization_flow": .null, "invalidation_flow": .null,
            "property_mappings": JSONValue(provider.userMappings.map(\.text)),
            "assigned_application_slug": JSONValue(main?.slug), "assigned_application_name": JSONValue(main?.name),
            "assigned_backchannel_application_slug": JSONValue(backchannel?.slug),
            "assigned_backchannel_application_name": JSONValue(backchannel?.name),
        ]) { $1 }
        return .object(json)
    }
}
