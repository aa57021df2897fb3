import ArgumentParser
import CausewayGraph
import CausewayModel
import Foundation

/// The options for a provider's credential.
struct CredentialOptions: ParsableArguments {
    static let explanation = """
        A client secret is read from --client-secret-file, from standard input with --client-secret-stdin, or from the \
        variable CAUSEWAY_CLIENT_SECRET; never from the command line, where others can see it. In its place, \
        --certificate-file names a PEM file with a certificate and its RSA key, and --federated-token-file a file in which \
        another identity provider keeps its token up to date.
        """

    @Option(help: "A file with the client secret.")
    var clientSecretFile: String?
    @Flag(help: "Read the client secret from standard input.")
    var clientSecretStdin = false
    @Option(help: "A PEM file with a certificate and its key, instead of a secret.")
    var certificateFile: String?
    @Option(help: "A file with a token of another identity provider, instead of a secret; it is read at each sign-in.")
    var federatedTokenFile: String?
    @Option(
        name: .customLong("further-client"),
        help: """
            A further app registration that shares the writes, as CLIENT_ID=FILE with its secret or certificate; for a \
            federated token as CLIENT_ID. May be repeated; 'none' removes them all.
            """
    )
    var furtherClients: [String] = []

    /// The options that were given.
    struct Given {
        let kind: CredentialKind
        let secret: Secret
        /// For a federated credential.
        let tokenFile: String
    }

    /// The credential; nil if none is given.
    ///
    /// - Throws: ``UserError`` if a credential is given and cannot be read or used.
    func given() throws -> Given? {
        let named =
            [clientSecretFile, certificateFile, federatedTokenFile].compactMap(\.self).count
            + (clientSecretStdin ? 1 : 0)
        guard named <= 1 else {
            throw UserError("Give one credential: a client secret, --certificate-file or --federated-token-file.")
        }
        if let certificateFile {
            return Given(kind: .certificate, secret: try certificate(in: certificateFile), tokenFile: "")
        }
        if let federatedTokenFile {
            guard FileManager.default.isReadableFile(atPath: federatedTokenFile) else {
                throw UserError("The file \(federatedTokenFile) cannot be read.")
            }
            let path = URL(filePath: federatedTokenFile).standardizedFileURL.path
            return Given(kind: .federated, secret: Secret(""), tokenFile: path)
        }
        return try clientSecret().map { Given(kind: .clientSecret, secret: $0, tokenFile: "") }
    }

    /// The further app registrations; nil if the options do not mention them.
    ///
    /// - Parameter kind: the kind of the provider's credential, which the further ones share.
    func further(_ kind: CredentialKind) throws -> [AppRegistrationCredential]? {
        guard !furtherClients.isEmpty else { return nil }
        return try furtherClients.filter { $0 != "none" }.map { text in
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            let (client, file) = (parts.first ?? "", parts.count > 1 ? parts[1] : nil)
            guard !client.isEmpty, (file == nil) == (kind == .federated) else {
                throw UserError(
                    kind == .federated
                        ? "Write --further-client CLIENT_ID; the token is the same for all."
                        : "Write --further-client CLIENT_ID=FILE, the file with its secret or certificate."
                )
            }
            let secret =
                switch kind {
                case .clientSecret: try Self.secret(in: file ?? "")
                case .certificate: try certificate(in: file ?? "")
                case .federated: Secret("")
                }
            return AppRegistrationCredential(clientID: client, secret: secret)
        }
    }

    // MARK: Reading

    private func clientSecret() throws -> Secret? {
        if let clientSecretFile { return try Self.secret(in: clientSecretFile) }
        if clientSecretStdin { return try Self.secret(readLine() ?? "", from: "Standard input") }
        return try ProcessInfo.processInfo.environment["CAUSEWAY_CLIENT_SECRET"]
            .map { try Self.secret($0, from: "CAUSEWAY_CLIENT_SECRET") }
    }

    private static func secret(in file: String) throws -> Secret {
        try secret(try text(of: file), from: "The file \(file)")
    }

    private static func secret(_ text: String, from source: String) throws -> Secret {
        let value = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !value.isEmpty else { throw UserError("\(source) contains no client secret; put its value there.") }
        return Secret(value)
    }

    private func certificate(in file: String) throws -> Secret {
        let pem = try Self.text(of: file)
        do { _ = try ClientCertificate(pem: pem) } catch { throw UserError("\(file): \(error)") }
        return Secret(pem)
    }

    private static func text(of file: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw UserError("The file \(file) cannot be read.")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw UserError(
                "The file \(file) is not text. A certificate with its key must be PEM; to convert a PFX file: "
                    + "openssl pkcs12 -in \(file) -out FILE.pem -nodes"
            )
        }
        return text
    }
}
