import CausewayAPI

/// An address of the interface. Its route and the links to it both use it.
///
/// A route has names in braces where a link has values: `Address.run("{run}")`.
struct Address: Sendable, Equatable {
    private let parts: [String]

    private init(_ parts: [String]) { self.parts = parts }

    /// The address in a link, with escaped values.
    var text: String { "/" + parts.map { QueryText.encoded($0) + "/" }.joined() }

    /// The address in a route, with names in braces.
    var pattern: String { "/" + parts.map { $0 + "/" }.joined() }

    /// The address below this one.
    ///
    /// - Parameter part: a word, or a value with any characters.
    func callAsFunction(_ part: some LosslessStringConvertible) -> Address { Address(parts + ["\(part)"]) }
}

extension Address: TemplateValue {
    func templateValue(for viewer: Viewer) -> any Sendable { text }
}

// MARK: Places

extension Address {
    private static let interface = Address(["if"])

    static let signIn = interface("sign-in")
    static let signInLink = signIn("link")
    static let signOut = interface("sign-out")
    static let setup = interface("setup")
    static let theme = interface("theme")
    static let shortcuts = interface("shortcuts")
    /// The documentation. It is not below `/if/`, so that its addresses stay short.
    static let help = Address(["help"])
    /// The dashboard.
    static let home = interface("admin")

    static let account = home("account")
    static let administrators = home("administrators")
    static let applications = home("applications")
    static let events = home("events")
    static let groups = home("groups")
    static let mappings = home("property-mappings")
    static let providers = home("providers")
    static let runs = home("runs")
    static let search = home("search")
    static let system = home("system")
    static let tokens = home("tokens")
    /// A form that is sent again after the sign-in.
    static let unsent = home("unsent")
    static let users = home("users")
}

// MARK: Objects

extension Address {
    static func application(_ slug: String) -> Address { applications(slug) }
    static func event(_ id: String) -> Address { events(id) }
    static func mapping(_ id: String) -> Address { mappings(id) }
    static func run(_ id: String) -> Address { runs(id) }
    static func token(_ identifier: String) -> Address { tokens(identifier) }
    static func group(_ id: String) -> Address { groups(id) }
    static func user(_ id: some LosslessStringConvertible) -> Address { users(id) }

    /// A tab of a provider's pages.
    enum ProviderTab: String, Sendable, CaseIterable {
        case overview, failures, runs, users, groups, drift, schedule, changelog
    }

    static func provider(_ id: some LosslessStringConvertible, _ tab: ProviderTab = .overview) -> Address {
        tab == .overview ? providers(id) : providers(id)(tab.rawValue)
    }

    /// The link of a user or a group to its Entra object.
    static func link(_ id: String, _ kind: DirectoryKind, provider: some LosslessStringConvertible) -> Address {
        Address.provider(provider, kind.tab)(id)
    }

    /// The page of a user or a group.
    static func object(_ id: String, _ kind: DirectoryKind) -> Address {
        switch kind {
        case .user: user(id)
        case .group: group(id)
        }
    }
}

// MARK: Actions on objects

extension Address {
    var edit: Address { self("edit") }
    var delete: Address { self("delete") }
    var create: Address { self("create") }
    var sync: Address { self("sync") }
    var bulk: Address { self("bulk") }
    var changelog: Address { self("changelog") }

    /// The address with a query.
    func query(_ items: [(name: String, value: String)]) -> String { text.adding(items) }
}

/// The kinds of objects in the directory.
enum DirectoryKind: String, Sendable, Decodable, CaseIterable {
    case user, group

    /// Where a provider lists its links to such objects.
    var tab: Address.ProviderTab { self == .user ? .users : .groups }
}

extension String {
    /// The text, escaped as a part of a path.
    var urlPathPart: String { QueryText.encoded(self) }

    /// An address with additional parameters in its query.
    func adding(_ items: [(name: String, value: String)]) -> String {
        self + (contains("?") ? "&" : "?") + QueryText.text(of: items)
    }
}
