/// What a user signs in with.
package struct Account: Hashable, Sendable {
    package let user: UserID
    /// Nil for a user who cannot sign in with a password.
    package let passwordHash: String?
    package let passwordChanged: Timestamp?
    package let lastLogin: Timestamp?
    /// The authenticator's secret in base 32; nil without one.
    package let totpSecret: Secret?
    /// Whether the authenticator has proved that it has the secret; only then is it asked for.
    package let isTOTPConfirmed: Bool
    /// The step of the last code that was accepted: each counts once.
    package let lastTOTPStep: Int64
    /// Hashes of the recovery codes that are left.
    package let recoveryCodeHashes: [String]

    package init(
        user: UserID,
        passwordHash: String?,
        passwordChanged: Timestamp?,
        lastLogin: Timestamp?,
        totpSecret: Secret?,
        isTOTPConfirmed: Bool,
        lastTOTPStep: Int64,
        recoveryCodeHashes: [String]
    ) {
        self.user = user
        self.passwordHash = passwordHash
        self.passwordChanged = passwordChanged
        self.lastLogin = lastLogin
        self.totpSecret = totpSecret
        self.isTOTPConfirmed = isTOTPConfirmed
        self.lastTOTPStep = lastTOTPStep
        self.recoveryCodeHashes = recoveryCodeHashes
    }
}
