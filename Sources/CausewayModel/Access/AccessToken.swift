package import Foundation

/// What a token is for (authentik's intents).
package enum TokenIntent: String, FieldWord {
    case verification, api, recovery
    case appPassword = "app_password"
}

/// A key with which a program signs in; only its hash is stored.
package struct AccessToken: FieldRecord {
    package let id: UUID
    /// Unique: letters, digits, hyphens and underscores.
    package var identifier: String
    package var intent: TokenIntent
    package var user: UserID
    package var description: String
    package var expires: Timestamp?
    /// Whether ``expires`` counts.
    package var isExpiring: Bool
    /// Marks a token that something else manages.
    package var managed: String?
    /// The maximum role; nil for the user's role.
    package var role: AccessRole?

    package init(
        id: UUID,
        identifier: String,
        intent: TokenIntent,
        user: UserID,
        description: String = "",
        expires: Timestamp? = nil,
        isExpiring: Bool,
        managed: String? = nil,
        role: AccessRole? = nil
    ) {
        self.id = id
        self.identifier = identifier
        self.intent = intent
        self.user = user
        self.description = description
        self.expires = expires
        self.isExpiring = isExpiring
        self.managed = managed
        self.role = role
    }

    package func isExpired(at now: Timestamp) -> Bool { isExpiring && expires.map { $0 <= now } ?? false }
}

extension AccessToken {
    /// The fields that people set. User, expiry and role have rules of their own and are not among them.
    package static let fields: [Field<AccessToken>] = [
        .text("identifier", \.identifier, isRequired: true).form(""),
        .choice("intent", \.intent),
        .text("description", \.description).form(""),
        .flag("expiring", \.isExpiring).column("is_expiring"),
    ]

    package static var blank: AccessToken {
        AccessToken(id: UUID(), identifier: "", intent: .api, user: UserID(0), isExpiring: true)
    }
}
