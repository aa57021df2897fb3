import CausewayJSON
import CausewayModel

/// Whether a user's account may sign in, in addition to what the mappings return for `accountEnabled`. Pure.
struct AccountEnablement: Hashable, Sendable {
    /// Whether the user is active in the directory.
    let isActive: Bool
    /// Whether the provider suspends inactive users (`block_inactive`).
    let suspendsInactive: Bool

    init(_ user: User, at provider: EntraProvider) {
        (isActive, suspendsInactive) = (user.profile.isActive, provider.settings.blockInactive)
    }

    /// What the mappings return, with `accountEnabled` decided: an inactive user is suspended whatever they say; an account that Causeway
    /// suspended is reactivated if they say nothing; an account that was disabled in the tenant stays as it is. A new account that
    /// signs in with a password must have a value (Graph, create user).
    ///
    /// - Parameters:
    ///   - isNew: whether the account is still to be created.
    ///   - wasSuspendedByCauseway: whether Causeway suspended the account because its user was inactive or had left.
    func resolved(_ given: [String: JSONValue], isNew: Bool, wasSuspendedByCauseway: Bool) -> [String: JSONValue] {
        var properties = given
        if !isSaid(in: given) { properties[AttributeChange.accountEnabled] = nil }
        if !isActive, suspendsInactive {
            properties[AttributeChange.accountEnabled] = false
        } else if properties[AttributeChange.accountEnabled] == nil {
            let needsValue = isNew && (given["identities"]?.array ?? []).isEmpty
            if needsValue { properties[AttributeChange.accountEnabled] = .bool(isActive) }
            if isActive, wasSuspendedByCauseway { properties[AttributeChange.accountEnabled] = true }
        }
        return properties
    }

    /// A note for an account whose mappings return no `account_enabled`; nil if they do.
    func note(on given: [String: JSONValue]) -> String? {
        guard !isSaid(in: given) else { return nil }
        let silence = "The mappings do not return 'account_enabled'"
        return switch (suspendsInactive, isActive) {
        case (true, true): "\(silence): the account is suspended only while the user is inactive here."
        case (true, false): "\(silence): the account is suspended because the user is inactive here."
        case (false, true):
            "\(silence), and the provider's 'block_inactive' is off: deactivating the user does not suspend the account."
        case (false, false):
            "\(silence), and the provider's 'block_inactive' is off: the user can still sign in, although inactive here."
        }
    }

    private func isSaid(in given: [String: JSONValue]) -> Bool {
        !(given[AttributeChange.accountEnabled] ?? .null).isNull
    }
}
