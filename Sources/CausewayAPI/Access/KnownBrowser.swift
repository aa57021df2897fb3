import CausewayModel
import CausewayStore
import Foundation
import HTTPTypes

/// A browser in which a user has signed in before, identified by a signed cookie. Its attempts are counted separately, so that
/// guessing elsewhere, under the user's name or address, does not lock the user out (OWASP, "Slow Down Online Guessing Attacks with
/// Device Cookies"). It replaces nothing: password and code are still required.
struct KnownBrowser: Hashable, Sendable {
    /// Random, for this browser and user only.
    let id: String
    let expires: Timestamp

    static let lifetime: Duration = .seconds(90 * 86_400)

    /// A browser that is known from now on.
    init(now: Timestamp) { (id, expires) = (AccessKey.random(length: 22), now + Self.lifetime) }

    /// The browser that sent the cookie of an account; nil for one that is not known.
    init?(_ headers: HTTPFields, of account: Account, in transaction: Transaction) {
        let parts = Authenticator.cookie(Self.cookieName(account.user), headers)?.split(separator: ".").map(String.init)
        guard let parts, parts.count == 3, parts[0].count == 22, let milliseconds = Int64(parts[1]) else { return nil }
        (id, expires) = (parts[0], Timestamp(milliseconds: milliseconds))
        guard expires > transaction.now, let code = code(of: account, in: transaction),
            AccessKey.areEqual(code, parts[2])
        else { return nil }
    }

    /// One for each user, since several may share a browser.
    static func cookieName(_ user: UserID) -> String { "causeway_device_\(user)" }

    /// The cookie's value; nil for an account without a password.
    func cookie(of account: Account, in transaction: Transaction) -> String? {
        code(of: account, in: transaction).map { "\(id).\(expires.milliseconds).\($0)" }
    }

    /// The value of a `Set-Cookie` header with which the browser of a request is known from now on; nil for a user without a password.
    static func newCookie(for user: UserID, _ source: RequestSource, in transaction: Transaction) throws -> String? {
        guard let account = try transaction.account(of: user) else { return nil }
        return KnownBrowser(now: transaction.now).cookie(of: account, in: transaction)
            .map { source.cookie(cookieName(user), $0, lifetime) }
    }

    /// A new password invalidates it.
    private func code(of account: Account, in transaction: Transaction) -> String? {
        guard let hash = account.passwordHash else { return nil }
        let text = "known browser|\(account.user)|\(id)|\(expires.milliseconds)|\(hash)"
        return transaction.authenticationCode(of: text).hexadecimalText
    }
}
