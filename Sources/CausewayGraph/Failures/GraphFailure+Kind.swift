import CausewayJSON

// Several cases share one code. The details' code distinguishes them, then their target, and the message only if
// Graph offers nothing else (messages that existing clients match on).

extension GraphFailure {
    static func kind(status: Int, code: String, message: String, details: [JSONValue]) -> Kind {
        switch status {
        case 401: .unauthorized
        case 403: code == "Directory_QuotaExceeded" ? .quotaExceeded : .permissionMissing
        case 404: .notFound
        case 410: .expiredPage
        case 429, 509: .throttled
        case 504: .unanswered
        case 500...599: .unavailable
        case 424: .unavailable
        default: badRequest(code: code, message: message, details: details)
        }
    }

    private static let conflictCodes: Set<String> = ["ObjectConflict", "ConflictingObjects"]

    private static func badRequest(code: String, message: String, details: [JSONValue]) -> Kind {
        if code == "Directory_ExpiredPageToken" { return .expiredPage }
        for detail in details {
            let target = detail["target"]?.string
            switch detail["code"]?.string {
            case let code? where conflictCodes.contains(code): return .alreadyExists(property: target)
            case "InvalidValue", "InvalidLength", "PropertyRequired", "MissingProperty":
                return .invalidValue(property: target ?? property(in: message))
            default: break
            }
        }
        return code == "Request_MultipleObjectsWithSameKeyValue"
            ? .alreadyExists(property: property(in: message)) : byMessage(message)
    }

    private static func byMessage(_ message: String) -> Kind {
        if message.hasPrefix("One or more added object references already exist") { return .memberAlreadyThere }
        if message.hasPrefix("One or more removed object references do not exist") { return .notFound }
        if message.hasPrefix("The source resource object or one of the objects being referenced") {
            return .referenceNotFound
        }
        if message.hasPrefix("Another object with the same value") || message.hasPrefix("A conflicting object") {
            return .alreadyExists(property: property(in: message))
        }
        // Seen when a value collides with something that the uniqueness check did not name, although the user was created.
        if message == "Property netId is invalid." { return .unanswered }
        if message.contains("nvalid") || message.contains("propert") {
            return .invalidValue(property: property(in: message))
        }
        return .refused
    }

    /// The property that a message names: `for property userPrincipalName already` or `property 'description' of`.
    private static func property(in message: String) -> String? {
        let words = message.split { $0 == " " || $0 == "'" || $0 == ":" || $0 == "." }
        guard let index = words.firstIndex(where: { $0 == "property" }) else { return nil }
        let next = words.index(after: index)
        guard next < words.endIndex, words[next].first?.isLowercase == true,
            words[next].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
        else { return nil }
        return ["is", "was", "has", "value", "values", "on", "in"].contains(words[next]) ? nil : String(words[next])
    }
}
