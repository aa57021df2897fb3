import Foundation

/// How an app registration authenticates (OAuth 2.0 client credentials; Microsoft identity platform).
package struct GraphCredential: Sendable {
    /// The proof.
    package enum Proof: Sendable {
        case clientSecret(ClientSecret)
        /// The application signs an assertion with a certificate's key.
        case certificate(ClientCertificate)
        /// An external identity provider vouches for the application (workload identity federation).
        case federated(FederatedToken)
    }

    /// The tenant's GUID or one of its verified domain names.
    package let tenant: String
    package let clientID: String
    package let proof: Proof

    package init(tenant: String, clientID: String, proof: Proof) {
        self.tenant = tenant
        self.clientID = clientID
        self.proof = proof
    }

    private static let assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    /// The fields of a token request.
    ///
    /// - Parameters:
    ///   - url: the token endpoint, which an assertion names.
    ///   - now: the sign-in service's time, as far as known.
    /// - Throws: ``LoginError`` if there is no usable credential.
    func fields(scope: String, url: String, now: Date) throws(LoginError) -> [(String, String)] {
        let common = [("grant_type", "client_credentials"), ("client_id", clientID), ("scope", scope)]
        switch proof {
        case .clientSecret(let secret): return common + [("client_secret", secret.revealed)]
        case .certificate(let certificate):
            return common + assertion(try certificate.assertion(clientID: clientID, audience: url, now: now))
        case .federated(let token): return common + assertion(try token.read())
        }
    }

    private func assertion(_ text: String) -> [(String, String)] {
        [("client_assertion_type", Self.assertionType), ("client_assertion", text)]
    }
}

/// A client secret: it prints as a mask wherever it appears.
package struct ClientSecret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let revealed: String

    package init(_ value: String) { revealed = value }

    package var description: String { "********" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A token of an external identity provider, which that provider keeps up to date in a file, as Kubernetes and CI systems do.
package struct FederatedToken: Sendable {
    private let path: String

    /// - Parameter path: the file; it is read for every token request.
    package init(file path: String) { self.path = path }

    func read() throws(LoginError) -> String {
        let text = (try? String(contentsOfFile: path, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let text, text.split(separator: ".").count == 3 else {
            throw LoginError(
                code: .wrongCredential,
                sentence: "The federated token file \(path) cannot be read, or contains no token.",
                remedy: "Check that the identity provider writes its token there, and that Causeway may read it."
            )
        }
        return text
    }
}
