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

    /// In memory, about.
    fileprivate let size: Int

    /// The hidden field with entered values of the other fields (``FormValues``). Stored values never have secrets.
    private static let copy = "_mine"
    /// No form of the interface has more fields than this.
    private static let mostFields = 5000
    private static let bytesOfField = 64

    /// - Parameter secrets: the names of fields that are neither kept nor written into a page. They must be entered again.
    /// - Returns: nil if nothing was entered, or more than a form has.
    init?(address: String, form: FormFields, back: String, secrets: Set<String>) {
        let entered = form.items.filter { $0.name != "_token" }
        let kept = entered.filter { !secrets.contains($0.name) }.map { item in
            item.name == Self.copy ? (name: item.name, value: Self.text(item.value, without: secrets)) : item
        }
        hadSecret = entered.contains { secrets.contains($0.name) && !$0.value.isEmpty }
        guard !kept.isEmpty, kept.count <= Self.mostFields else { return nil }
        size = kept.reduce(address.utf8.count) { $0 + $1.name.utf8.count + $1.value.utf8.count + Self.bytesOfField }
        self.address = address
        self.form = FormFields(kept)
        self.back = back
    }

    private static func text(_ copy: String, without secrets: Set<String>) -> String {
        FormValues(json: copy)?.filter { !secrets.contains($0.key) }.json ?? ""
    }
}

/// Forms that arrived without their session: the session had ended, or another one began. They are kept in memory until the person has
/// signed in, for an hour at most; the oldest give way to new ones. A form is shown to the browser that sent it: the address has the
/// form's key, and a cookie the browser's.
actor KeptForms {
    /// Where a form is found again. Neither key can be guessed.
    struct Place: Sendable {
        let form: String
        let browser: String
    }

    private var forms: [(place: Place, until: ContinuousClock.Instant, form: KeptForm)] = []

    static let cookie = "causeway_kept"
    static let lifetime = Duration.seconds(3600)
    /// The most forms, and their most bytes together.
    private static let (most, mostBytes) = (200, 16 << 20)

    /// - Parameter browser: the key that the browser has; nil without one. A key that no kept form has is replaced, so that no person
    ///   can give another browser a key that this person knows.
    func keep(_ form: KeptForm, of browser: String?) -> Place {
        forms.removeAll { $0.until < ContinuousClock.now }
        let known = browser.flatMap { browser in forms.first { $0.place.browser == browser }?.place.browser }
        let place = Place(form: Self.key(), browser: known ?? Self.key())
        forms.append((place, ContinuousClock.now + Self.lifetime, form))
        while forms.count > 1, forms.count > Self.most || forms.reduce(0, { $0 + $1.form.size }) > Self.mostBytes {
            forms.removeFirst()
        }
        return place
    }

    private static func key() -> String { UUID().uuidString.lowercased() }

    /// - Returns: nil for a form of another browser, too.
    func form(_ key: String, of browser: String?) -> KeptForm? {
        forms.first { $0.place.form == key && $0.place.browser == browser && $0.until >= ContinuousClock.now }?.form
    }
}
