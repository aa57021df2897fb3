/// What a page's handler answers.
struct PageResponse: Sendable {
    enum Content: Sendable {
        /// A template, and what it shows.
        case page(PageContent)
        case redirect(String)
    }

    let status: Int
    let content: Content
    /// Values of `Set-Cookie` headers.
    var cookies: [String] = []

    static func page(_ content: PageContent, status: Int = 200) -> PageResponse {
        PageResponse(status: status, content: .page(content))
    }

    /// To another page, after what was asked for is done.
    ///
    /// - Parameter done: the text to show there, by its key among `done` in the catalogue.
    static func redirect(_ address: String, done: String? = nil) -> PageResponse {
        return PageResponse(status: 303, content: .redirect(done.map { address.adding([("done", $0)]) } ?? address))
    }

    static func redirect(to address: Address, done: String? = nil) -> PageResponse {
        redirect(address.text, done: done)
    }
}

/// Why there is no page.
enum PageError: Error {
    /// There is no session.
    case signedOut
    case forbidden
    case notFound
    /// The form was not sent by one of Causeway's pages.
    case foreignForm
    /// The form holds more than is taken.
    case tooLarge
    /// There is no memory for the form.
    case busy
    /// The API answered something that no page expects.
    case unexpected(status: Int, detail: String)
}
