extension ProviderSettings {
    /// The settings that decide where, as whom and in what form the provider's credential is sent, by their API names.
    ///
    /// A user who may change settings must not learn a secret that someone else entered: if one of these changes, the
    /// credential must be entered again.
    private var credentialDestination: [(name: String, value: String)] {
        [("client_id", clientID.lowercased())] + endpointDestination
    }

    /// The part that further app registrations share.
    private var endpointDestination: [(name: String, value: String)] {
        [
            ("tenant_id", tenantID.lowercased()), ("cloud", cloud.rawValue), ("login_endpoint", loginEndpoint),
            ("graph_endpoint", graphEndpoint), ("credential_kind", credentialKind.rawValue),
        ]
    }

    /// - Parameter isEntered: whether the credential was entered together with these settings.
    /// - Throws: ``ValidationError`` if it was not, and would go elsewhere than with the previous settings.
    package func requireCredential(isEntered: Bool, since before: ProviderSettings) throws(ValidationError) {
        let changes = Self.changes(credentialDestination, before.credentialDestination)
        guard !isEntered, !changes.isEmpty else { return }
        throw ValidationError(
            credentialKind == .federated ? "federated_token_file" : "client_secret",
            "Enter it again, because \(Self.sentence(changes))."
        )
    }

    /// - Parameter clientIDs: further app registrations whose secrets were not entered together with these settings.
    /// - Throws: ``ValidationError`` if there are some, and their secrets would go elsewhere than with the previous settings.
    package func requireCredentials(of clientIDs: [String], since before: ProviderSettings) throws(ValidationError) {
        let changes = Self.changes(endpointDestination, before.endpointDestination)
        guard !clientIDs.isEmpty, let first = changes.first else { return }
        throw ValidationError(
            first,
            "The further app registrations \(clientIDs.joined(separator: ", ")) have their own secrets, which must be entered "
                + "again, because \(Self.sentence(changes)): give each to 'causeway provider update' with --further-client, or "
                + "remove them all with --further-client none."
        )
    }

    /// Whether these settings lead to other endpoints or another tenant, so that nothing known from before is valid.
    package func leadsElsewhere(than before: ProviderSettings) -> Bool {
        !Self.changes(endpointDestination, before.endpointDestination).allSatisfy { $0 == "credential_kind" }
    }

    /// Whether these settings sign in to another tenant, or as another application, or with another kind of credential.
    package func signsInDifferently(than before: ProviderSettings) -> Bool {
        !Self.changes(credentialDestination, before.credentialDestination).isEmpty
    }

    private static func changes(_ after: [(name: String, value: String)], _ before: [(name: String, value: String)])
        -> [String]
    {
        zip(after, before).filter { $0.value != $1.value }.map(\.0.name)
    }

    private static func sentence(_ changes: [String]) -> String {
        guard let last = changes.last, changes.count > 1 else { return "\(changes.first ?? "") changes" }
        return "\(changes.dropLast().joined(separator: ", ")) and \(last) change"
    }
}
