import CausewayModel
import Foundation

/// Which passwords people may set: not short, not easy to guess, and not in a list of breached ones (NIST SP 800-63B, section 5.1.1.2).
package struct PasswordRule: Sendable {
    /// Nil if no list is configured.
    private let breached: BreachedPasswords?

    package init(breached: BreachedPasswords? = nil) { self.breached = breached }

    /// The least strength, in bits: a trillion guesses. A hash takes about a tenth of a second, so that many take a core 3,000 years.
    private static let leastBits = 40.0

    /// The names of this service, which are tried first.
    private static let service = ["causeway", "entra", "microsoft", "azure", "contoso"]

    /// What is wrong with a new password; nil if it is acceptable. It reads the list of breached passwords, so it may block.
    ///
    /// - Throws: ``BreachedPasswordsError`` if the list cannot be read.
    func violation(to password: String, of user: UserProfile) throws -> String? {
        if password.count < 12 { return "This password is too short. It must contain at least 12 characters." }
        if password.count > 256 { return "Ensure this field has no more than 256 characters." }
        if Set(password).count < 5 { return "This password repeats too few characters." }
        let username = user.username.lowercased()
        if username.count >= 4, password.lowercased().contains(username) {
            return "The password is too similar to the username."
        }
        let strength = PasswordStrength(of: password, personal: Self.words(of: user) + Self.service)
        if strength.bits < Self.leastBits { return Self.advice(strength.weaknesses) }
        if try breached?.contains(password) == true {
            return "This password is in a list of passwords that became public. Use another one."
        }
        return nil
    }

    /// - Throws: `ValidationError` for the field, or ``BreachedPasswordsError``.
    func require(_ password: String, of user: UserProfile, field: String = "password") throws {
        if let violation = try violation(to: password, of: user) { throw ValidationError(field, violation) }
    }

    /// Says what it consists of, without its parts, which are secret.
    private static func advice(_ weaknesses: [PasswordStrength.Weakness]) -> String {
        let names = weaknesses.map(\.rawValue)
        let list =
            names.count < 2
            ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
        let reason = names.isEmpty ? "" : ": it consists of \(list)"
        return
            "This password is easy to guess\(reason). Use four or more unrelated words, or one from a password manager."
    }

    /// The parts of a user's names and address, in lower case, as libzxcvbn compares them.
    private static func words(of user: UserProfile) -> [String] {
        [user.username, user.name, user.email].flatMap { $0.lowercased().split { !$0.isLetter && !$0.isNumber } }
            .filter { $0.count > 2 }.map(String.init)
    }
}
