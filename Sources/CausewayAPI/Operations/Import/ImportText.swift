/// The text of a file to import, and what the file is called.
struct ImportText: Sendable {
    /// `users` or `groups`.
    let kind: String
    /// The name of a file, without a folder.
    let name: String
    let text: String

    private static let longestName = 200

    init(kind: String, name: String, text: String) { (self.kind, self.name, self.text) = (kind, name, text) }

    /// The text of one kind in a request; nil if it has none.
    ///
    /// - Throws: ``APIError`` if what it is called cannot be the name of a file.
    init?(_ kind: String, of request: APIRequest) throws {
        guard let text = request.text(kind), !text.isEmpty else { return nil }
        let name = request.text("\(kind)_file") ?? "\(kind).csv"
        let isName = !name.isEmpty && ![".", ".."].contains(name) && name.utf8.count <= Self.longestName
        guard isName, !name.unicodeScalars.contains(where: { $0 == "/" || $0.properties.generalCategory == .control })
        else { throw APIError.invalid("\(kind)_file", "This is not the name of a file.") }
        self.init(kind: kind, name: name, text: text)
    }
}
