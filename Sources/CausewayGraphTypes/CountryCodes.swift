import CausewayJSON

/// Country codes of two letters (ISO 3166-1 alpha-2), as Entra takes them for `usageLocation`. Letter case has no meaning.
public struct CountryCodes: Sendable {
    private let codes: Set<String>
    /// What people take for a code, such as `UK`, and the code that they mean.
    private let mistaken: [String: String]

    init(_ json: JSONValue) {
        codes = Set(["codes", "userAssigned"].flatMap { json[$0]?.array ?? [] }.compactMap(\.string))
        mistaken = json["mistaken"]?.object?.compactMapValues(\.string) ?? [:]
    }

    /// A text as a code in capital letters; nil where it is none.
    public func code(_ text: String) -> String? {
        let code = text.uppercased()
        return codes.contains(code) ? code : nil
    }

    /// The code that somebody means who writes this text; nil where nobody can know.
    public func meant(by text: String) -> String? { mistaken[text.uppercased()] }
}
