import CausewayGraphTypes

/// Texts of which Graph takes only some. What it would refuse is left out, and the rest is sent.
extension GraphProperty {
    /// Why Graph would refuse a text; nil if it would not.
    func violation(toForm text: String, _ path: String) -> PropertyFault? {
        if isLanguage { return violation(toLanguage: text, path) }
        // Graph reads such values whatever their letter case.
        guard !values.isEmpty, !values.contains(where: { $0.lowercased() == text.lowercased() }) else { return nil }
        return PropertyFault(
            path,
            text.count <= 40 ? text : nil,
            rule: "value",
            "is not one of the values that Entra ID knows.",
            remedy: "Use one of \(values.joined(separator: ", ")).",
            isLeftOut: true
        )
    }

    /// A language has two small letters, and optionally a country of two capital ones (Graph, user: preferredLanguage; RFC 5646).
    private func violation(toLanguage text: String, _ path: String) -> PropertyFault? {
        guard !text.isLanguage else { return nil }
        let parts = text.split(whereSeparator: { "-_".contains($0) })
        let near = (parts.prefix(1).map { $0.lowercased() } + parts.dropFirst().map { $0.uppercased() })
            .joined(separator: "-")
        return PropertyFault(
            path,
            text.count <= 40 ? text : nil,
            rule: "language",
            "is not a language as Entra ID takes it: two small letters, and optionally '-' and a country of two capital letters.",
            remedy: near.isLanguage ? "Use '\(near)'." : "Use a language such as 'en-US'.",
            isLeftOut: true
        )
    }
}

extension String {
    fileprivate var isLanguage: Bool { wholeMatch(of: #/[a-z]{2}(-[A-Z]{2})?/#) != nil }
}
