/// A form that came without a session that it belongs to: it was filled in while the session ended, or another one began. What was
/// typed is kept on a page from which it is sent again, with a token that is good; only forms of our own pages get there.
struct ExpiredForm: Sendable {
    let page: PageContext
    let form: FormFields
    let texts: Texts

    /// Never written into a page; they are typed again.
    private static let secrets: Set = ["_token", "password", "client_secret", "code", "secret"]

    /// Whether nothing was typed that would be lost.
    var isEmpty: Bool { form.items.allSatisfy { Self.secrets.contains($0.name) } }

    /// Where a secret was typed, only the way back: without it something else would be done than was asked for.
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
