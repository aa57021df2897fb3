package import Foundation

/// All access that users have or could get: what ``AccessCeiling`` compares.
package struct AccessState: Sendable {
    /// A token, and whether its key was replaced or shown.
    package struct KnownToken: Hashable, Sendable {
        package let token: AccessToken
        package let keyHash: [UInt8]
        package let isKeyKept: Bool

        package init(token: AccessToken, keyHash: [UInt8], isKeyKept: Bool) {
            (self.token, self.keyHash, self.isKeyKept) = (token, keyHash, isKeyKept)
        }
    }

    /// A user with a role.
    package struct Holder: Hashable, Sendable {
        package let name: String
        /// The highest role, in any way; nil while the user is not active.
        package var role: AccessRole?
        /// What the user signs in with, only for comparison.
        package let credentials: [String]

        package init(name: String, role: AccessRole?, credentials: [String]) {
            (self.name, self.role, self.credentials) = (name, role, credentials)
        }
    }

    package var tokens: [UUID: KnownToken]
    /// The users who have a role, active or not.
    package var holders: [UserID: Holder]
    /// Superuser groups, and all groups below them.
    package var superuserGroups: Set<GroupID>

    package init(tokens: [UUID: KnownToken], holders: [UserID: Holder], superuserGroups: Set<GroupID>) {
        (self.tokens, self.holders, self.superuserGroups) = (tokens, holders, superuserGroups)
    }
}
