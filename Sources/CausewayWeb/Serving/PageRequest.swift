import CausewayAPI

/// A browser's request for a page.
struct PageRequest: Sendable {
    /// The path without the query.
    let address: String
    /// The values in the path, by name.
    let path: [String: String]
    let query: FormFields
    /// The fields of a form; empty for a page that is only read.
    let form: FormFields
    /// The API with the browser's session, and therefore with its rights.
    let api: APIClient
    let session: PageSession?
    let preferences: Preferences
    let viewer: Viewer
    /// What was entered before a session ended, for a page whose address names it.
    var kept: KeptForm?

    func value(_ name: String) -> String { path[name] ?? "" }

    /// - Throws: ``PageError/forbidden`` if the API would refuse the page's form, so that users do not fill it in for nothing.
    func requireAdministrator() throws {
        guard session?.isAdministrator == true else { throw PageError.forbidden }
    }

    func requireOperator() throws {
        guard session?.isOperator == true else { throw PageError.forbidden }
    }
}
