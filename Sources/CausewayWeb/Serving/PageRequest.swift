import CausewayAPI
import CausewayJSON

/// A browser's request for a page.
struct PageRequest: Sendable {
    /// Without what is behind the question mark.
    let address: String
    /// Values from the path.
    let path: [String: String]
    let query: FormFields
    /// What a form sent; empty for a page that is only read.
    let form: FormFields
    /// The API with the browser's session, and so with its rights.
    let api: APIClient
    let session: PageSession?
    let preferences: Preferences

    func value(_ name: String) -> String { path[name] ?? "" }

    /// - Throws: ``PageError/forbidden`` if the API would refuse the form of a page, so that it is not filled in for nothing.
    func requireAdministrator() throws {
        guard session?.isAdministrator == true else { throw PageError.forbidden }
    }

    func requireOperator() throws {
        guard session?.isOperator == true else { throw PageError.forbidden }
    }
}

/// Who is signed in, and the token that its forms carry.
struct PageSession: Sendable {
    let username: String
    let role: String?
    let token: String

    init?(_ json: JSONValue) {
        guard let username = json["username"]?.string, let token = json["csrf_token"]?.string else { return nil }
        self.username = username
        self.token = token
        role = json["role"]?.string
    }

    var isAdministrator: Bool { role == "administrator" }
    /// Whether runs may be started and approved.
    var isOperator: Bool { isAdministrator || role == "operator" }
}

/// What a browser has been told to remember.
struct Preferences: Sendable {
    enum Theme: String, Sendable { case system, light, dark }

    static let themeCookie = "causeway_theme"

    var theme = Theme.system
    /// By the keys of the lists.
    var lists: [String: ListPreference] = [:]

    /// - Parameter cookie: the values of the request's `Cookie` headers.
    init(cookies: [String]) {
        for pair in cookies.joined(separator: ";").split(separator: ";") {
            let parts = pair.trimmingPrefix(while: \.isWhitespace).split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            if parts[0] == Self.themeCookie { theme = Theme(rawValue: String(parts[1])) ?? .system }
            if parts[0].hasPrefix(ListPreference.cookiePrefix) {
                let list = String(parts[0].dropFirst(ListPreference.cookiePrefix.count))
                lists[list] = ListPreference(FormFields(text: parts[1]))
            }
        }
    }
}
