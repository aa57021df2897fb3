import CausewayGraph
import CausewayModel

extension EntraProvider {
    /// The credentials of each of the provider's app registrations.
    ///
    /// - Throws: `CertificateError` if a stored certificate cannot be used.
    func credentials(_ registrations: [AppRegistrationCredential]) throws -> [GraphCredential] {
        try registrations.map { registration in
            GraphCredential(
                tenant: settings.tenantID,
                clientID: registration.clientID,
                proof: try proof(registration.secret)
            )
        }
    }

    private func proof(_ secret: Secret) throws -> GraphCredential.Proof {
        switch settings.credentialKind {
        case .clientSecret: .clientSecret(ClientSecret(secret.revealed))
        case .certificate: .certificate(try ClientCertificate(pem: secret.revealed))
        case .federated: .federated(FederatedToken(file: settings.federatedTokenFile))
        }
    }
}
