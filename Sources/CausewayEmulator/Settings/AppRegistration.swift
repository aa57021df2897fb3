import CryptoExtras
package import Foundation

/// An application that may sign in: its credentials, the permissions that an administrator has consented to, and the directory
/// roles of its service principal.
package struct AppRegistration: SettingRecord {
    package var clientID = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
    package var name = "Provisioning"
    package var isEnabled = true
    package var secrets: [Secret] = []
    /// PEM, each with its public key.
    package var certificates: [String] = []
    package var federatedCredentials: [FederatedCredential] = []
    package var permissions: [String] = AppRegistration.usualPermissions
    package var directoryRoles: [String] = []

    package init() {}

    /// The default application of a tenant.
    package static var standard: AppRegistration {
        var application = AppRegistration()
        application.secrets = [Secret("emulated-secret-value")]
        return application
    }

    /// The permissions for provisioning users and groups.
    package static let usualPermissions = [
        "User.ReadWrite.All", "User.EnableDisableAccount.All", "User.DeleteRestore.All", "User.ManageIdentities.All",
        "Group.ReadWrite.All", "Domain.Read.All", "Organization.Read.All",
    ]

    static let fields: [SettingField<AppRegistration>] = [
        SettingField("client_id", \.clientID, "the application (client) id"),
        SettingField("name", \.name, "display name, also of its service principal"),
        SettingField("enabled", \.isEnabled, "whether it may sign in at all"),
        SettingField("secrets", \.secrets, isSecret: true, "client secrets"),
        SettingField("certificates", \.certificates, "PEM certificates whose keys may sign assertions"),
        SettingField("federated_credentials", \.federatedCredentials, "external issuers whose tokens are accepted"),
        SettingField("permissions", \.permissions, "application permissions with admin consent"),
        SettingField("directory_roles", \.directoryRoles, "directory roles of its service principal"),
    ]

    func check() throws(SettingError) {
        for certificate in certificates {
            do throws(EmulatorError) { _ = try RegisteredCertificate(pem: certificate) } catch {
                throw SettingError(error.description)
            }
        }
    }
}

/// A client secret.
package struct Secret: SettingRecord {
    package var value = ""
    /// Nil if it does not expire.
    package var expires: Date?

    package init() {}

    package init(_ value: String, expires: Date? = nil) { (self.value, self.expires) = (value, expires) }

    static let fields: [SettingField<Secret>] = [
        SettingField("value", \.value, isSecret: true, "the secret itself"),
        SettingField("expires", \.expires, "when it ends, in ISO 8601"),
    ]
}

/// An external identity provider whose tokens authenticate the application (Microsoft identity platform, workload identity
/// federation).
package struct FederatedCredential: SettingRecord {
    package var issuer = ""
    package var subject = ""
    package var audience = "api://AzureADTokenExchange"
    /// PEM; without it the signature is not checked, since the issuer's own key endpoint is never called.
    package var publicKey: String?

    package init() {}

    static let fields: [SettingField<FederatedCredential>] = [
        SettingField("issuer", \.issuer, "compared exactly"),
        SettingField("subject", \.subject, "compared exactly"),
        SettingField("audience", \.audience, "compared exactly"),
        SettingField("public_key", \.publicKey, "PEM of the issuer's RSA key; without it signatures are not checked"),
    ]

    func check() throws(SettingError) {
        guard let publicKey, (try? _RSA.Signing.PublicKey(pemRepresentation: publicKey)) == nil else { return }
        throw SettingError("'public_key' must be an RSA key in PEM.")
    }
}
