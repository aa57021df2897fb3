import CausewayAPI
import HTTPTypes

/// A form whose session had ended, and that no page can show again: a button sends it.
struct UnsentPages: Sendable {
    let texts: Texts

    var routes: [PageRoute] { [PageRoute(.get, .unsent) { show($0) }] }

    /// If a secret was entered, the page only links back: without the secret, the form would do something else.
    private func show(_ request: PageRequest) -> PageResponse {
        let kept = request.kept
        let page = UnsentPage(
            action: kept?.address,
            hasSecret: kept?.hadSecret == true,
            back: kept?.back ?? Address.home.text,
            hidden: (kept?.form.items ?? []).map { HiddenField(name: $0.name, value: $0.value) }
        )
        return .page(PageContent(page, title: texts("unsent.title")), status: kept == nil ? 404 : 200)
    }
}

/// The template `unsent`.
struct UnsentPage: PageModel {
    static let template = "unsent"

    /// Where the form goes; nil if it is no longer kept.
    let action: String?
    let hasSecret: Bool
    let back: String
    let hidden: [HiddenField]
}
