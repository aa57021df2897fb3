/// An app registration with what proves that we are it: a client secret, or a certificate with its key as PEM text; for a federated
/// credential, whose token is in a file, nothing.
package struct AppRegistrationCredential: Hashable, Sendable {
    /// The application's client id.
    package let clientID: String
    package let secret: Secret

    package init(clientID: String, secret: Secret) { (self.clientID, self.secret) = (clientID, secret) }
}
