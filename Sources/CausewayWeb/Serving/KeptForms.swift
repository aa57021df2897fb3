import CausewayAPI
import Foundation

/// A form that arrived without its session, without its secrets.
struct KeptForm: Sendable {
    /// The address that the form was sent to.
    let address: String
    let form: FormFields
    /// The page that has the form.
    let back: String
    /// Whether a secret was entered, which is not kept.
    let hadSecret: Bool

    /// Secrets are neither kept nor written into a page. They must be entered again.
    private static let secrets: Set = [
        "_token", "password", "password_again", "current_password", "new_password", "new_password_again",
        "client_secret", "certificate", "http_proxy", "code", "secret",
    ]

    /// - Returns: nil if nothing was entered.
    init?(address: String, form: FormFields, back: String) {
        let kept = form.items.filter { !Self.secrets.contains($0.name) }
        hadSecret = form.items.contains {
            $0.name != "_token" && Self.secrets.contains($0.name) && !$0.value.isEmpty
        }
        guard !kept.isEmpty else { return nil }
        self.address = address
        self.form = FormFields(kept)
        self.back = back
    }

    fileprivate var size: Int {
        form.items.reduce(address.utf8.count) { $0 + $1.name.utf8.count + $1.value.utf8.count }
    }
}

/// Forms that arrived without their session: the session had ended, or another one began. They are kept in memory until the person has
/// signed in, for an hour at most; the oldest give way to new ones.
actor KeptForms {
    private var forms: [(key: String, until: ContinuousClock.Instant, form: KeptForm)] = []

    private static let lifetime = Duration.seconds(3600)
    /// The most forms, and their most bytes together.
    private static let (most, mostBytes) = (200, 16 << 20)

    /// - Returns: the key with which the form is found again. It cannot be guessed.
    func keep(_ form: KeptForm) -> String {
        let key = UUID().uuidString.lowercased()
        forms.removeAll { $0.until < ContinuousClock.now }
        forms.append((key, ContinuousClock.now + Self.lifetime, form))
        while forms.count > 1, forms.count > Self.most || forms.reduce(0, { $0 + $1.form.size }) > Self.mostBytes {
            forms.removeFirst()
        }
        return key
    }

    func form(_ key: String) -> KeptForm? { forms.first { $0.key == key && $0.until >= ContinuousClock.now }?.form }
}
