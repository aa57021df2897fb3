extension GraphFailure {
    /// The Graph property at fault, if Graph names it.
    package var property: String? {
        switch kind {
        case .alreadyExists(let property), .invalidValue(let property): property
        case .permissionMissing: lack?.property
        default: nil
        }
    }

    /// Whether no other request of the run can succeed either.
    package var stopsEverything: Bool {
        switch kind {
        case .login, .unauthorized: true
        default: proxy?.isLasting ?? foreign.map { $0.kind != .cut && $0.status < 500 && $0.status != 429 } ?? false
        }
    }

    /// What happened, as a human-readable sentence.
    package var sentence: String {
        switch kind {
        case .login(let error): error.sentence
        case .unanswered where status == 0: message
        case .permissionMissing where lack != nil: lack?.sentence ?? message
        default: code.isEmpty ? message : "Entra answers \(code): \(message)"
        }
    }

    /// What an administrator can do about it; empty if nothing needs to be done.
    package var remedy: String {
        if let proxy { return proxy.remedy }
        if let foreign { return foreign.remedy(endpoint: NonGraphAnswer.graphEndpoint) }
        return switch kind {
        case .login(let error): error.remedy
        case .unauthorized:
            "Check that the provider's endpoints belong to the tenant's cloud, and that the app registration still exists."
        case .permissionMissing: lack?.remedy ?? "Check the connection: it lists the missing permissions."
        case .throttled, .unavailable, .unanswered, .referenceNotFound, .expiredPage:
            "It will be retried."
        case .notFound: "It is gone from Entra. The next sync handles that."
        case .alreadyExists(let property):
            "Another object in the tenant, perhaps a deleted one, has this \(property ?? "value"); change or remove one of the two."
        case .memberAlreadyThere: ""
        case .invalidValue(let property):
            "Correct \(property.map { "what the mapping returns for '\($0)'" } ?? "the values in the mapping or the directory")."
        case .quotaExceeded:
            "The tenant is full: purge deleted objects, verify a domain, or ask Microsoft for a larger quota."
        case .refused: "See Microsoft's page on Graph errors; the request id is \(requestID ?? "unknown")."
        }
    }
}
