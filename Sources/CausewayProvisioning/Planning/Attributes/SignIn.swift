import CausewayJSON
import CausewayModel

/// Whether the account of a user may sign in, beside what the mappings say of `accountEnabled`. Pure.
struct SignIn: Hashable, Sendable {
    /// Whether the user is active in the directory.
    let isActive: Bool
    /// Whether the provider blocks whoever is inactive (`block_inactive`).
    let blocksInactive: Bool

    init(_ user: User, at provider: EntraProvider) {
        (isActive, blocksInactive) = (user.isActive, provider.blockInactive)
    }

    /// What the mappings give, with `accountEnabled` settled: an inactive user is blocked whatever they say; whom we blocked is let in
    /// again where they say nothing; a block that somebody in the tenant set stays as it is. A new account that signs in with a
    /// password of its own must have a value (Graph, create user).
    ///
    /// - Parameters:
    ///   - isNew: whether the account is still to be created.
    ///   - isBlockedByUs: whether we blocked the account because its user was inactive or had left.
    func resolved(_ given: [String: JSONValue], isNew: Bool, isBlockedByUs: Bool) -> [String: JSONValue] {
        var properties = given
        if !isSaid(in: given) { properties[AttributeChange.signIn] = nil }
        if !isActive, blocksInactive {
            properties[AttributeChange.signIn] = false
        } else if properties[AttributeChange.signIn] == nil {
            let needsValue = isNew && (given["identities"]?.array ?? []).isEmpty
            if needsValue { properties[AttributeChange.signIn] = .bool(isActive) }
            if isActive, isBlockedByUs { properties[AttributeChange.signIn] = true }
        }
        return properties
    }

    /// What is to be known of an account whose mappings say nothing of `account_enabled`; nil where they do.
    func note(on given: [String: JSONValue]) -> String? {
        guard !isSaid(in: given) else { return nil }
        let silence = "The mappings do not give 'account_enabled'"
        return switch (blocksInactive, isActive) {
        case (true, true): "\(silence): sign-in is blocked only while the user is inactive here."
        case (true, false): "\(silence): sign-in is blocked because the user is inactive here."
        case (false, true):
            "\(silence), and the provider's 'block_inactive' is off: deactivating the user does not block sign-in."
        case (false, false):
            "\(silence), and the provider's 'block_inactive' is off: sign-in stays possible although the user is inactive here."
        }
    }

    private func isSaid(in given: [String: JSONValue]) -> Bool { !(given[AttributeChange.signIn] ?? .null).isNull }
}
