import CausewayAPI
import Foundation

/// The preferences in the browser's cookies.
struct Preferences: Sendable {
    static let themeCookie = "causeway_theme"
    /// The browser's time zone, which its script stores.
    static let zoneCookie = "causeway_zone"
    static let shortcutsCookie = "causeway_shortcuts"

    var theme = Theme.system
    /// Nil until the browser has stored it.
    var zone: TimeZone?
    /// Whether a single character is a shortcut.
    var hasShortcuts = true
    /// The preferences for lists, by the lists' keys.
    var lists: [String: ListPreference] = [:]

    /// - Parameter cookies: the values of the request's `Cookie` headers.
    init(cookies: [String]) {
        for pair in cookies.joined(separator: ";").split(separator: ";") {
            let parts = pair.trimmingPrefix(while: \.isWhitespace).split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            if parts[0] == Self.themeCookie { theme = Theme(rawValue: String(parts[1])) ?? .system }
            if parts[0] == Self.zoneCookie {
                zone = parts[1].removingPercentEncoding.flatMap(TimeZone.init(identifier:))
            }
            if parts[0] == Self.shortcutsCookie { hasShortcuts = parts[1] != "off" }
            if parts[0].hasPrefix(ListPreference.cookiePrefix) {
                let list = String(parts[0].dropFirst(ListPreference.cookiePrefix.count))
                lists[list] = ListPreference(FormFields(text: parts[1]))
            }
        }
    }
}

/// A user's preferences for a list, stored in the browser: its order and its page size.
struct ListPreference: Sendable {
    static let cookiePrefix = "causeway_list_"
    private static let names = ["ordering", "page_size"]

    /// The parameters of an address that are stored.
    let items: [(name: String, value: String)]

    init(_ query: FormFields) {
        items = Self.names.compactMap { name in query[name].map { (name, $0) } }.filter { item in
            !item.value.isEmpty && item.value.utf8.count < 64
        }
    }

    /// The value of a `Set-Cookie` header.
    func cookie(_ list: String) -> String {
        "\(Self.cookiePrefix)\(list)=\(QueryText.text(of: items)); Path=/if/; SameSite=Lax; HttpOnly; Max-Age=31536000"
    }
}
