import CausewayAPI
import CausewayJSON
import CausewayModel
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

    /// The hidden field with entered values of the other fields (``FormValues``). Stored values never have secrets.
    private static let copy = "_mine"
    /// No form of the interface has more fields than this.
    private static let mostFields = 5000

    /// - Parameter secrets: the names of fields that are neither kept nor written into a page. They must be entered again.
    /// - Returns: nil if nothing was entered, or more than a form has.
    init?(address: String, form: FormFields, back: String, secrets: Set<String>) {
        let entered = form.items.filter { $0.name != "_token" }
        let kept = entered.filter { !secrets.contains($0.name) }.map { item in
            item.name == Self.copy ? (name: item.name, value: Self.text(item.value, without: secrets)) : item
        }
        hadSecret = entered.contains { secrets.contains($0.name) && !$0.value.isEmpty }
        guard !kept.isEmpty, kept.count <= Self.mostFields else { return nil }
        self.address = address
        self.form = FormFields(kept)
        self.back = back
    }

    private static func text(_ copy: String, without secrets: Set<String>) -> String {
        FormValues(json: copy)?.filter { !secrets.contains($0.key) }.json ?? ""
    }
}

extension KeptForm {
    /// The text form; nil if it is none.
    init?(json text: String) {
        guard let json = try? JSONValue(parsing: text), let address = json["address"]?.string,
            let back = json["back"]?.string, let items = json["items"]?.array
        else { return nil }
        (self.address, self.back, hadSecret) = (address, back, json["had_secret"]?.bool == true)
        form = FormFields(
            items.compactMap { item in
                item["name"]?.string.flatMap { name in item["value"]?.string.map { (name: name, value: $0) } }
            }
        )
    }

    var json: String {
        let items = form.items.map { item -> JSONValue in ["name": .string(item.name), "value": .string(item.value)] }
        let json: JSONValue = [
            "address": .string(address), "back": .string(back), "had_secret": .bool(hadSecret), "items": .array(items),
        ]
        return json.text
    }
}

/// Forms that arrived without their session: the session had ended, or another one began. They are kept until the person has signed in,
/// for an hour at most; the oldest give way to new ones. A form is shown to the browser that sent it: the address has the form's key, and
/// a cookie the browser's.
struct KeptForms: Sendable {
    /// Where a form is found again. Neither key can be guessed.
    struct Place: Sendable {
        let form: String
        let browser: String
    }

    let texts: KeptTexts

    static let cookie = "causeway_kept"
    static let lifetime = Duration.seconds(3600)
    private static let kind = KeptTextKind(name: "form", most: 200, mostBytes: 16 << 20, lifetime: lifetime)
    /// The largest form of a client without a session, in bytes.
    private static let mostBytesOfStranger = 256 << 10
    private let strangers = StrangerBudget(most: Self.kind.most, mostOfOne: Self.kind.most / 4, time: Self.lifetime)

    init(texts: KeptTexts) { self.texts = texts }

    /// Whether a form is kept for a client without a session: it may be anyone.
    func admits(_ form: KeptForm, from subscriber: String) -> Bool {
        form.json.utf8.count <= Self.mostBytesOfStranger && strangers.admits(subscriber)
    }

    /// - Parameter browser: the key that the browser has; nil without one. A key that no kept form has is replaced, so that no person
    ///   can give another browser a key that this person knows.
    func keep(_ form: KeptForm, of browser: String?) async throws -> Place {
        var owner = UUID().uuidString.lowercased()
        if let browser, try await texts.hasText(Self.kind, of: browser) { owner = browser }
        return Place(form: try await texts.keep(form.json, as: Self.kind, of: owner), browser: owner)
    }

    /// - Returns: nil for a form of another browser, too.
    func form(_ key: String, of browser: String?) async throws -> KeptForm? {
        guard let browser else { return nil }
        return try await texts.text(key, Self.kind, of: browser).flatMap(KeptForm.init(json:))
    }
}
