import CausewayJSON
package import CausewayModel
package import CausewayStore
import Foundation

/// Creates the accounts with which the first people and programs sign in.
package struct AdministratorSetup: Sendable {
    private let store: Store
    private let passwordRule: PasswordRule

    package init(store: Store, passwordRule: PasswordRule = PasswordRule()) {
        (self.store, self.passwordRule) = (store, passwordRule)
    }

    /// How long a set-up link is valid.
    package static let linkLifetime: Duration = .seconds(24 * 3600)

    /// Creates an administrator, or makes an existing user one, and sets the password.
    ///
    /// - Throws: `ValidationError` for an invalid password or name, ``BreachedPasswordsError``.
    package func createAdministrator(_ username: String, name: String, email: String, password: Secret) async throws
        -> User
    {
        let given = UserProfile(username: username, name: name.isEmpty ? username : name, email: email)
        // The password of an existing user is compared with what is known of that user.
        let profile = try await store.read { try $0.user(named: username) }?.profile ?? given
        try passwordRule.require(password.revealed, of: profile)
        let hash = try PasswordHash.make(password.revealed)
        return try await store.write { transaction in
            guard let user = try transaction.user(named: username) else {
                let user = try transaction.createAdministrator(given, passwordHash: hash)
                let role = FieldChange("roles", added: ["administrator"])
                try transaction.recordCommand(.created, user, user.profile.initialChanges + [role].compactMap(\.self))
                return user
            }
            try transaction.setPasswordHash(hash, of: user.id)
            let roles = try transaction.roles(of: user.id)
            try transaction.setRoles(roles.union([.administrator]), of: user.id)
            let role = FieldChange("roles", from: roles.keys, to: roles.union([.administrator]).keys)
            try transaction.recordCommand(.passwordSet, user, [FieldChange("password", .secret)])
            if let role { try transaction.recordCommand(.updated, user, [role]) }
            return user
        }
    }

    /// How long a sign-in link is valid.
    package static let signInLinkLifetime: Duration = .seconds(300)

    /// A key with which a browser signs in as a user without a password and a code, valid once; earlier ones of the user end.
    ///
    /// - Throws: `StoreError` if there is no such active user.
    package func signInLink(for username: String) async throws -> Secret {
        let key = AccessKey.random(length: 40)
        try await store.write { transaction in
            guard let user = try transaction.user(named: username), user.isActive else {
                throw StoreError.notFound("active user", username)
            }
            try transaction.saveSignInLink(
                of: user.id,
                keyHash: AccessKey.hash(key),
                expires: transaction.now + Self.signInLinkLifetime
            )
            try transaction.recordCommand(.signInLinkCreated, user, [])
        }
        return Secret(key)
    }

    /// A key for creating the first administrator, valid once; nil if there is one already.
    package func link() async throws -> Secret? {
        let key = AccessKey.random(length: 40)
        return try await store.write { transaction in
            guard try !transaction.hasAdministrator() else { return nil }
            try transaction.saveSetupLink(keyHash: AccessKey.hash(key), expires: transaction.now + Self.linkLifetime)
            return Secret(key)
        }
    }
}

extension Transaction {
    /// Records what a command did to a user.
    fileprivate func recordCommand(_ kind: EventKind, _ user: User, _ changes: [FieldChange]) throws {
        let origin = EventOrigin.commandLine(systemUser: ProcessInfo.processInfo.userName)
        try record(kind, APIModel.user.object("\(user.id)", user.username), changes, by: origin)
    }
}
