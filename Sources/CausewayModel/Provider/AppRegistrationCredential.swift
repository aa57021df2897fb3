/// An app registration with its credential: a client secret, or a certificate with its key as PEM text; nothing for a federated
/// credential, whose token is in a file.
package struct AppRegistrationCredential: Hashable, Sendable {
    /// The application's client id.
    package let clientID: String
    package let secret: Secret

    package init(clientID: String, secret: Secret) { (self.clientID, self.secret) = (clientID, secret) }
}
