package import CausewayModel

/// The mappings that come with the product: what authentik's current defaults do, under their names and managed ids, with a
/// random password instead of a hash.
package enum DefaultMappings {
    package static let user = PropertyMapping(
        managed: "goauthentik.io/providers/microsoft_entra/user",
        name: "authentik default Microsoft Entra Mapping: User",
        expression: String(decoding: PackageResources.default_user_mapping_py, as: UTF8.self)
    )

    /// authentik's documented expression for users whose addresses are not in a verified domain, as a mapping to copy.
    package static let emailVerifiedUsers = PropertyMapping(
        name: "email-verified-users",
        expression: String(decoding: PackageResources.email_verified_users_py, as: UTF8.self)
    )

    package static let group = PropertyMapping(
        managed: "goauthentik.io/providers/microsoft_entra/group",
        name: "authentik default Microsoft Entra Mapping: Group",
        expression: String(decoding: PackageResources.default_group_mapping_py, as: UTF8.self)
    )
}
