// What failures have in common that a person, or time, resolves together.

extension GraphFailure {
    /// The kind of failure, the same whatever the values: kind and code, and for refusals with free text the text without
    /// quoted values.
    package var rule: String {
        if let proxy { return "graph:proxy:\(proxy.rule)" }
        if let foreign { return "graph:foreign:\(foreign.host):\(foreign.status)" }
        let words =
            switch kind {
            case .permissionMissing: ":" + (lack?.rule ?? "")
            case .refused: ":" + Self.withoutQuotes(message)
            default: ""
            }
        return "graph:\(kindName):\(code)\(words)"
    }

    /// What happened, without the values.
    package var title: String {
        switch kind {
        case .alreadyExists(let property): "Another object in the tenant already has this \(property ?? "value")."
        case .invalidValue(let property?): "Entra ID refuses the value of \(property)."
        case .notFound: "Entra ID no longer has the object."
        case .referenceNotFound: "Entra ID does not know a referenced object."
        default: Self.withoutQuotes(sentence)
        }
    }

    private var kindName: String {
        switch kind {
        case .login: "login"
        case .unauthorized: "unauthorised"
        case .permissionMissing: "permission"
        case .throttled: "throttled"
        case .unavailable: "unavailable"
        case .unanswered: "unanswered"
        case .notFound: "not-found"
        case .referenceNotFound: "reference-not-found"
        case .alreadyExists: "already-exists"
        case .memberAlreadyThere: "member-already-there"
        case .invalidValue: "invalid-value"
        case .quotaExceeded: "quota"
        case .expiredPage: "expired-page"
        case .refused: "refused"
        }
    }

    /// Graph quotes ids and values in its messages, and the names of properties too; what looks like a property's name stays.
    private static func withoutQuotes(_ text: String) -> String {
        let parts = text.split(separator: "'", omittingEmptySubsequences: false)
        guard parts.count > 2 else { return text }
        return parts.enumerated().map { index, part in
            let isQuoted = !index.isMultiple(of: 2) && index < parts.count - 1
            return isQuoted && !part.allSatisfy({ $0.isASCII && $0.isLetter }) ? "…" : String(part)
        }.joined(separator: "'")
    }
}
