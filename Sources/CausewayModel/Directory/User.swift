package import CausewayJSON
package import Foundation

/// The type of an account (authentik's user types).
package enum UserType: String, FieldWord {
    case `internal`, external
    case serviceAccount = "service_account"
    case internalServiceAccount = "internal_service_account"

    /// Whether `exclude_users_service_account` leaves it out.
    package var isServiceAccount: Bool { self == .serviceAccount || self == .internalServiceAccount }
}

/// The part of a user that people and imports may change.
package struct UserProfile: FieldRecord {
    /// Unique in the directory; at most 150 characters.
    package var username: String
    /// The display name; may be empty.
    package var name: String
    /// At most 254 characters; may be empty and need not be unique.
    package var email: String
    package var isActive: Bool
    package var type: UserType
    /// A folder-like path without slashes at its ends, such as `users/emea`.
    package var path: String
    /// Further values, for mappings to use.
    package var attributes: [String: JSONValue]

    package init(
        username: String,
        name: String = "",
        email: String = "",
        isActive: Bool = true,
        type: UserType = .internal,
        path: String = "users",
        attributes: [String: JSONValue] = [:]
    ) {
        self.username = username
        self.name = name
        self.email = email
        self.isActive = isActive
        self.type = type
        self.path = path
        self.attributes = attributes
    }

    /// Without blanks around user name, name and address, as authentik stores them.
    package var trimmed: UserProfile {
        var profile = self
        (profile.username, profile.name, profile.email) = (username.trimmed, name.trimmed, email.trimmed)
        return profile
    }

    /// Checks the rules of authentik's user model.
    ///
    /// - Throws: ``ValidationError`` with every field that breaks one.
    package func validate() throws(ValidationError) {
        var error = fieldProblems
        error.require(username.count <= 150, "username", "Ensure this field has no more than 150 characters.")
        error.require(email.count <= 254, "email", "Ensure this field has no more than 254 characters.")
        error.require(email.isEmpty || Self.isEmail(email), "email", "Enter a valid email address.")
        error.require(Self.isPath(path), "path", "No leading or trailing slashes and no empty segments allowed.")
        for (field, text) in [("username", username), ("name", name), ("email", email), ("path", path)] {
            error.require(!text.unicodeScalars.contains("\0"), field, "Null characters are not allowed.")
        }
        try error.throwIfAny()
    }

    private static func isEmail(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && !text.contains(where: \.isWhitespace)
    }

    private static func isPath(_ text: String) -> Bool {
        text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty }
    }
}

extension UserProfile {
    /// The fields of a user, in the order of an export.
    package static let fields: [Field<UserProfile>] = [
        .text("username", \.username, isRequired: true).form(""),
        .text("name", \.name).form("", isOptional: false).option(.profile, "The name to show."),
        .text("email", \.email).form("", as: .email).option(.profile, "The e-mail address."),
        .flag("is_active", \.isActive)
            .form("", after: "type")
            .option(.profile, name: "active", "Whether the person may sign in; inactive users are suspended in Entra."),
        .choice("type", \.type)
            .form("", words: ["internal", "external", "service_account"])
            .option(.profile, "The kind of account: internal, external or service_account."),
        .text("path", \.path)
            .form("", isOptional: false)
            .option(.profile, "A folder to organize users, such as users/emea."),
        .attributes("attributes", \.attributes)
            .form("")
            .option(.profile, name: "attribute", CommandOption.attributeHelp),
    ]

    package static let blank = UserProfile(username: "")
}

/// A user or service account of the directory.
@dynamicMemberLookup
package struct User: Hashable, Sendable {
    package let id: UserID
    package let uuid: UUID
    /// Stable and unguessable: SHA-256 of the id and the installation id, 64 hexadecimal digits.
    package let uid: String
    package var profile: UserProfile
    package let dateJoined: Timestamp
    package let lastUpdated: Timestamp

    package init(
        id: UserID,
        uuid: UUID,
        uid: String,
        profile: UserProfile,
        dateJoined: Timestamp,
        lastUpdated: Timestamp
    ) {
        self.id = id
        self.uuid = uuid
        self.uid = uid
        self.profile = profile
        self.dateJoined = dateJoined
        self.lastUpdated = lastUpdated
    }

    package subscript<Value>(dynamicMember path: KeyPath<UserProfile, Value>) -> Value { profile[keyPath: path] }
}
