/// How an app registration proves who it is.
package struct GraphCredential: Sendable {
    /// The proof. Certificates and federated tokens take their place here.
    package enum Proof: Sendable {
        case clientSecret(ClientSecret)
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

    /// The fields of a token request (OAuth 2.0 client credentials; Microsoft identity platform).
    func fields(scope: String) -> [(String, String)] {
        let common = [("grant_type", "client_credentials"), ("client_id", clientID), ("scope", scope)]
        switch proof {
        case .clientSecret(let secret): return common + [("client_secret", secret.revealed)]
        }
    }
}

/// A client secret: it prints as a mask wherever it ends up.
package struct ClientSecret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let revealed: String

    package init(_ value: String) { revealed = value }

    package var description: String { "********" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
