import CausewayAPI

/// A user's preferences for a list, stored by the browser: its order and the size of its pages.
struct ListPreference: Sendable {
    static let cookiePrefix = "causeway_list_"
    private static let names = ["ordering", "page_size"]

    /// The preferences in an address.
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
