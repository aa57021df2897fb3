package import CausewayEmulator

extension FederatedCredential {
    /// The registration of an issuer's tokens for the subject `workload`.
    package init(of issuer: TestCertificate) {
        self.init()
        self.issuer = "https://issuer.example"
        subject = "workload"
        publicKey = issuer.publicKeyPEM
    }
}
