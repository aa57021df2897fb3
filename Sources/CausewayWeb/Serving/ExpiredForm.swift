/// A form that came without its session: the session ended while it was filled in, or another one began. The entered values are
/// kept on a page that sends them again with a valid token; only Causeway's own forms get there.
struct ExpiredForm: Sendable {
    let page: PageContext
    let form: FormFields
    let texts: Texts

    /// Secrets are never written into a page. They must be entered again.
    private static let secrets: Set = ["_token", "password", "client_secret", "certificate", "code", "secret"]

    /// Whether the form has no entered value.
    var isEmpty: Bool { form.items.allSatisfy { Self.secrets.contains($0.name) } }

    /// If a secret was entered, the page only links back: without the secret, the form would do something else.
    var response: PageResponse {
        let hasSecret = form.items.contains {
            $0.name != "_token" && Self.secrets.contains($0.name) && !$0.value.isEmpty
        }
        let kept = form.items.filter { !Self.secrets.contains($0.name) }
        let address = page.query.isEmpty ? page.address : "\(page.address)?\(page.query)"
        let unsent = UnsentPage(
            action: address,
            hasSecret: hasSecret,
            isSignedOut: page.session == nil,
            hidden: kept.map { HiddenField(name: $0.name, value: $0.value) }
        )
        return .page(PageContent(unsent, title: texts("unsent.title")), status: 403)
    }
}

/// The template `unsent`.
struct UnsentPage: PageModel {
    static let template = "unsent"

    let action: String
    let hasSecret: Bool
    let isSignedOut: Bool
    let hidden: [HiddenField]
}
