import CausewayGraph
package import CausewayModel

/// When a credential of an app registration ends.
package struct CredentialEnd: Hashable, Sendable {
    package let clientID: String
    package let kind: CredentialKind
    /// The end of a certificate; nil for secrets and tokens, whose end the tenant does not say.
    package let end: Timestamp?

    /// How long before its end people are told of it.
    static let warningPeriod: Duration = .seconds(30 * 86_400)

    /// Whether it ends soon, or has ended.
    package func isEnding(at now: Timestamp) -> Bool { end.map { $0 < now + Self.warningPeriod } ?? false }

    /// The credentials of a provider's app registrations, its own first.
    ///
    /// - Parameter registrations: with their secrets; only a certificate is read. One that cannot be read has no end.
    package static func all(of provider: EntraProvider, _ registrations: [AppRegistrationCredential])
        -> [CredentialEnd]
    {
        registrations.map { registration in
            let isCertificate = provider.credentialKind == .certificate
            let certificate = isCertificate ? try? ClientCertificate(pem: registration.secret.revealed) : nil
            return CredentialEnd(
                clientID: registration.clientID,
                kind: provider.credentialKind,
                end: certificate.map { Timestamp($0.notAfter) }
            )
        }
    }
}
