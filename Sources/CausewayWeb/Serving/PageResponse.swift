/// The answer of a page's handler.
struct PageResponse: Sendable {
    enum Content: Sendable {
        /// A template, and its content.
        case page(PageContent)
        case redirect(String)
        /// A file to store.
        case file(PageFile)
    }

    let status: Int
    let content: Content
    /// Values of `Set-Cookie` headers.
    var cookies: [String] = []

    static func page(_ content: PageContent, status: Int = 200) -> PageResponse {
        PageResponse(status: status, content: .page(content))
    }

    static func file(_ file: PageFile) -> PageResponse { PageResponse(status: 200, content: .file(file)) }

    /// A redirect to another page after an action.
    ///
    /// - Parameter done: the text to show there, by its key below `done` in the catalog.
    static func redirect(_ address: String, done: String? = nil) -> PageResponse {
        return PageResponse(status: 303, content: .redirect(done.map { address.adding([("done", $0)]) } ?? address))
    }

    static func redirect(to address: Address, done: String? = nil) -> PageResponse {
        redirect(address.text, done: done)
    }
}

/// A file that a page makes, for the browser to store.
struct PageFile: Sendable {
    /// Letters, digits, hyphens and a dot.
    let name: String
    /// Its media type.
    let type: String
    let bytes: [UInt8]
}

/// The reason for an error page.
enum PageError: Error {
    /// There is no session.
    case signedOut
    case forbidden
    case notFound
    /// The form was not sent by one of Causeway's pages.
    case foreignForm
    /// The form is larger than allowed.
    case tooLarge
    /// The server has no memory for the form.
    case busy
    /// An answer of the API that no page expects.
    case unexpected(status: Int, detail: Message)
}
