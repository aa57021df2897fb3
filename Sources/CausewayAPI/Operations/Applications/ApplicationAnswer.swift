import CausewayJSON
import CausewayModel
import Foundation

/// Applications in authentik's form.
enum ApplicationAnswer {
    static func json(_ application: Application, _ providers: [EntraProvider], _ all: [Application], for user: User?)
        -> JSONValue
    {
        let backchannel = application.backchannelProviders.compactMap { id in providers.first { $0.id == id } }
        let main = providers.first { $0.id == application.provider }
        let further: [String: JSONValue] = [
            "pk": .string(application.id.text), "pbm_uuid": .string(application.id.text),
            "provider": main.map { .integer($0.id.rawValue) } ?? .null,
            "provider_obj": main.map { EntraProviderAnswer.common($0, all) } ?? .null,
            "backchannel_providers": .array(backchannel.map { .integer($0.id.rawValue) }),
            "backchannel_providers_obj": .array(backchannel.map { EntraProviderAnswer.common($0, all) }),
            "launch_url": JSONValue(launchURL(application, user)),
            "meta_icon_url": application.icon.isEmpty ? .null : .string(application.icon),
            "meta_icon_themed_urls": .null,
        ]
        return .object(Application.fields.values(of: application).merging(further) { $1 })
    }

    /// The address with the caller's values filled in.
    private static func launchURL(_ application: Application, _ user: User?) -> String? {
        guard !application.launchURL.isEmpty else { return nil }
        let values = [
            "username": user?.username ?? "", "name": user?.name ?? "", "email": user?.email ?? "",
            "uid": user?.uid ?? "",
        ]
        return values.reduce(application.launchURL) { url, value in
            let encoded = value.value.addingPercentEncoding(withAllowedCharacters: .urlQueryAllowed) ?? ""
            return url.replacingOccurrences(of: "%(\(value.key))s", with: encoded)
        }
    }
}
