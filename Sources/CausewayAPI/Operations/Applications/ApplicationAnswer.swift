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
        return [
            "pk": .string(application.id.text), "pbm_uuid": .string(application.id.text),
            "name": .string(application.name), "slug": .string(application.slug),
            "provider": main.map { .integer($0.id.rawValue) } ?? .null,
            "provider_obj": main.map { EntraProviderAnswer.common($0, all) } ?? .null,
            "backchannel_providers": .array(backchannel.map { .integer($0.id.rawValue) }),
            "backchannel_providers_obj": .array(backchannel.map { EntraProviderAnswer.common($0, all) }),
            "launch_url": JSONValue(launchURL(application, user)), "open_in_new_tab": .bool(application.opensInNewTab),
            "meta_launch_url": .string(application.launchURL), "meta_icon": .string(application.icon),
            "meta_icon_url": application.icon.isEmpty ? .null : .string(application.icon),
            "meta_icon_themed_urls": .null,
            "meta_description": .string(application.description), "meta_publisher": .string(application.publisher),
            "policy_engine_mode": .string(application.policyEngineMode.rawValue), "group": .string(application.group),
            "meta_hide": .bool(application.isHidden),
        ]
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
