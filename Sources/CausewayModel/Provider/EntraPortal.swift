import Foundation

/// Pages of Microsoft's admin center about a tenant and its objects. There is one for each of Microsoft's clouds, and none for other
/// endpoints (Microsoft Entra, "Microsoft Entra admin center"; the addresses are those that its own pages have).
package struct EntraPortal: Sendable {
    private let base: String

    /// - Returns: nil for a cloud without an admin center.
    package init?(of settings: ProviderSettings) {
        let host: String
        switch settings.cloud {
        case .global: host = "entra.microsoft.com"
        case .usGovernment, .usGovernmentDoD: host = "entra.microsoft.us"
        case .china: host = "entra.microsoftonline.cn"
        case .custom: return nil
        }
        base = "https://\(host)/\(Self.part(settings.tenantID))/#view/"
    }

    /// The overview of the tenant.
    package var tenant: String { "\(base)Microsoft_AAD_IAM/TenantOverview.ReactView" }

    /// The page of a user or group.
    package func page(of id: EntraObjectID, _ kind: ObjectKind) -> String {
        let id = Self.part(id.rawValue)
        return switch kind {
        case .user: "\(base)Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/\(id)"
        case .group: "\(base)Microsoft_AAD_IAM/GroupDetailsMenuBlade/~/Overview/groupId/\(id)"
        }
    }

    /// The secrets and certificates of an app registration.
    package func credentials(of clientID: String) -> String {
        "\(base)Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Credentials/appId/\(Self.part(clientID))"
    }

    private static let allowed = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._"
    )

    /// Nothing in a value can lead to another host or page.
    private static func part(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    }
}
