import CausewayModel
import Foundation

/// The signed-in user, and the token in forms against forgery.
struct PageSession: Sendable, Decodable {
    let username: String
    let role: String?
    let csrfToken: String
    /// Nil for the browser's.
    var language: String?
    /// Nil for the browser's.
    var timeZone: String?

    var isAdministrator: Bool { role == "administrator" }
    /// Whether runs may be started and approved.
    var isOperator: Bool { isAdministrator || role == "operator" }
}

/// The theme of pages.
enum Theme: String, Sendable, CaseIterable { case system, light, dark }

/// What a page needs to know about its request.
struct PageContext: Sendable {
    let address: String
    /// The query, without the question mark.
    let query: String
    /// The action that was just done, by its key below `done` in the catalog.
    let done: String?
    let session: PageSession?
    let theme: Theme
    /// Whether a single character is a shortcut.
    var hasShortcuts = true
    let viewer: Viewer
}

/// The content of the template `layout` around every page.
struct PageLayout: TemplateValue {
    let title: String
    let language: String
    /// The footer's sentence about the time zone of times.
    let zone: String
    let theme: String
    let themes: [ChoiceOption]
    let address: String
    let trail: [PageLink]
    /// A sentence about the action that was just done.
    let done: String?
    let user: User?
    let token: String?
    let navigation: [Navigation.Section]?
    let isAdministrator: Bool
    let isOperator: Bool
    /// The place of the documentation that is about the page.
    let help: HelpPlace
    let shortcuts: [ChoiceOption]
    let hasShortcuts: Bool

    struct User: TemplateValue {
        let name: String
        let role: String
    }

    init(_ content: PageContent, _ page: PageContext) {
        let (session, texts) = (page.session, page.viewer.texts)
        title = content.title
        language = texts.language.rawValue
        zone = texts("layout.zone", ["zone": page.viewer.zoneName])
        theme = page.theme.rawValue
        themes = Theme.allCases.map {
            ChoiceOption(value: $0.rawValue, label: texts("theme.\($0.rawValue)"), isChosen: $0 == page.theme)
        }
        address = page.address
        trail = content.trail
        done = page.done.flatMap { texts.find("done.\($0)") }
        user = session.map { User(name: $0.username, role: texts("roles.\($0.role ?? "none")")) }
        token = session?.csrfToken
        navigation = session.map { _ in Navigation(texts: texts).sections(place: content.place) }
        isAdministrator = session?.isAdministrator == true
        isOperator = session?.isOperator == true
        help = HelpLinks.page(content.place, content.template) ?? ""
        hasShortcuts = page.hasShortcuts
        shortcuts = ["on", "off"].map {
            ChoiceOption(value: $0, label: texts("shortcuts.\($0)"), isChosen: ($0 == "on") == page.hasShortcuts)
        }
    }
}
