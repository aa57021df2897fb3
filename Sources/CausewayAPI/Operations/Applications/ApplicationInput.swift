import CausewayJSON
import CausewayModel
import CausewayStore

/// What a client sends about an application.
struct ApplicationInput {
    let body: [String: JSONValue]

    /// The application with the client's values; what it leaves out stays.
    func application(_ before: Application, in transaction: Transaction) throws -> Application {
        var application = before
        Application.fields.take(body, into: &application)
        let others = try transaction.applications().filter { $0.id != before.id }
        if let provider = body["provider"] {
            application.provider = try provider.integer.map { try existing($0, "provider", in: transaction) }
            if let other = others.first(where: { $0.provider != nil && $0.provider == application.provider }) {
                throw APIError.invalid("provider", "The provider already belongs to the application '\(other.name)'.")
            }
        }
        if let keys = body["backchannel_providers"]?.array {
            var seen: Set<Int64> = []
            application.backchannelProviders = try keys.compactMap(\.integer).filter { seen.insert($0).inserted }.map {
                try existing($0, "backchannel_providers", in: transaction)
            }
            try release(application.backchannelProviders, from: others, in: transaction)
        }
        try requireOneRole(of: application, others)
        try validate(application, others)
        return application
    }

    /// A provider is either the one to sign in with or a backchannel provider.
    private func requireOneRole(of application: Application, _ others: [Application]) throws {
        let all = others + [application]
        let main = Set(all.compactMap(\.provider))
        guard body["provider"] != nil || body["backchannel_providers"] != nil,
            all.contains(where: { $0.backchannelProviders.contains(where: main.contains) })
        else { return }
        throw APIError.invalid(
            body["provider"]?.isNull == false ? "provider" : "backchannel_providers",
            "A provider is an application's own or a backchannel provider, not both."
        )
    }

    private func validate(_ application: Application, _ others: [Application]) throws {
        if others.contains(where: { $0.slug == application.slug }) {
            throw APIError.invalid("slug", "application with this slug already exists.")
        }
        try application.validate()
    }

    private func existing(_ key: Int64, _ field: String, in transaction: Transaction) throws -> ProviderID {
        guard try transaction.provider(ProviderID(key)) != nil else { throw UserOperations.unknownKey(field, "\(key)") }
        return ProviderID(key)
    }

    /// A provider has one application: it moves.
    private func release(_ providers: [ProviderID], from others: [Application], in transaction: Transaction) throws {
        for var other in others where other.backchannelProviders.contains(where: providers.contains) {
            other.backchannelProviders.removeAll(where: providers.contains)
            try transaction.saveApplication(other)
        }
    }
}
