import CausewayJSON

/// Country codes of two letters (ISO 3166-1 alpha-2), as Entra takes them for `usageLocation`. Letter case does not matter.
public struct CountryCodes: Sendable {
    private let codes: Set<String>
    /// Texts that people take for a code, such as `UK`, and the code that they mean.
    private let mistaken: [String: String]

    init(_ json: JSONValue) {
        codes = Set(["codes", "userAssigned"].flatMap { json[$0]?.array ?? [] }.compactMap(\.string))
        mistaken = json["mistaken"]?.object?.compactMapValues(\.string) ?? [:]
    }

    /// A text as a code in capital letters; nil if it is not one.
    public func code(_ text: String) -> String? {
        let code = text.uppercased()
        return codes.contains(code) ? code : nil
    }

    /// The code that this text means; nil if it is unclear.
    public func meant(by text: String) -> String? { mistaken[text.uppercased()] }
}
