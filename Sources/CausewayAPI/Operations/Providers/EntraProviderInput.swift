import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation

/// What a client sends about a provider.
struct EntraProviderInput {
    let body: [String: JSONValue]

    /// The settings with the client's values; what it leaves out stays.
    ///
    /// - Throws: ``APIError`` or `ValidationError` with what is wrong.
    func settings(_ before: ProviderSettings, in transaction: Transaction) throws -> ProviderSettings {
        var settings = before
        ProviderSettings.fields.take(body, into: &settings)
        try requireReferences(of: settings, in: transaction)
        try settings.validate(transaction.endpoints)
        return settings
    }

    /// The credential that the client enters for these settings; nil if it leaves the stored one as it is, as older clients do
    /// with the empty text that they received.
    ///
    /// - Throws: `ValidationError` for a certificate that cannot be used.
    func credential(for settings: ProviderSettings) throws -> Secret? {
        if let secret = body["client_secret"]?.string, !secret.isEmpty {
            if settings.credentialKind == .certificate { try requireCertificate(secret) }
            return Secret(secret)
        }
        // The file is the credential.
        return settings.credentialKind == .federated && body["federated_token_file"] != nil ? Secret("") : nil
    }

    private func requireCertificate(_ pem: String) throws {
        do { _ = try ClientCertificate(pem: pem) } catch {
            throw ValidationError("client_secret", error.description)
        }
    }

    /// - Throws: ``APIError`` if the client names an object that does not exist.
    private func requireReferences(of settings: ProviderSettings, in transaction: Transaction) throws {
        try require(settings.filterGroup.map { [$0] } ?? [], "filter_group") { try transaction.group($0) != nil }
        try require(settings.groups, "groups") { try transaction.group($0) != nil }
        let known = Set(try transaction.mappings().map(\.id))
        try require(settings.userMappings, "property_mappings", isThere: known.contains)
        try require(settings.groupMappings, "property_mappings_group", isThere: known.contains)
    }

    private func require<Thing>(
        _ keys: [Identifier<Thing, UUID>],
        _ field: String,
        isThere: (Identifier<Thing, UUID>) throws -> Bool
    ) throws {
        guard body[field] != nil else { return }
        for key in keys where try !isThere(key) { throw UserOperations.unknownKey(field, key.text) }
    }
}
