import Crypto
import Foundation
import NIOSSL
import SwiftASN1
import X509

/// The tenant's TLS certificate, with its key.
struct ServerCertificate {
    private let chain: [NIOSSLCertificate]
    private let key: NIOSSLPrivateKey

    var configuration: TLSConfiguration {
        .makeServerConfiguration(certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    }

    /// - Returns: nil if connections are plain.
    /// - Throws: ``EmulatorError`` if a file cannot be read or written, or settings contradict each other.
    init?(_ settings: EmulatorSettings) throws(EmulatorError) {
        switch (settings.tlsCertificate, settings.tlsKey, settings.tlsSelfMade) {
        case (nil, nil, nil): return nil
        case (let certificate?, let key?, nil): try self.init(file: certificate, keyFile: key)
        case (nil, nil, let file?): try self.init(selfMadeFor: Self.names(settings), writtenTo: file)
        default:
            throw EmulatorError(
                description:
                    "TLS needs a certificate and its key (--tls-certificate, --tls-key), or only --tls-self-made."
            )
        }
    }

    private init(file: String, keyFile: String) throws(EmulatorError) {
        do { chain = try NIOSSLCertificate.fromPEMFile(file) } catch {
            throw EmulatorError(description: "\(file) cannot be read as a certificate in PEM.")
        }
        do { key = try NIOSSLPrivateKey(file: keyFile, format: .pem) } catch {
            throw EmulatorError(description: "\(keyFile) cannot be read as a private key in PEM, without a passphrase.")
        }
        guard !chain.isEmpty else { throw EmulatorError(description: "\(file) contains no certificate in PEM.") }
    }

    /// Creates a self-signed certificate, and writes it where clients can be told to trust it; its key stays in memory.
    private init(selfMadeFor names: [String], writtenTo file: String) throws(EmulatorError) {
        do {
            let key = P256.Signing.PrivateKey()
            let pem = try Self.certificate(for: names, key).serializeAsPEM().pemString
            chain = try NIOSSLCertificate.fromPEMBytes(Array(pem.utf8))
            self.key = try NIOSSLPrivateKey(bytes: Array(key.pemRepresentation.utf8), format: .pem)
            try pem.write(toFile: file, atomically: true, encoding: .utf8)
        } catch {
            throw EmulatorError(description: "The certificate for this run cannot be written to \(file).")
        }
    }

    /// Python's `ssl` and others check certificates of their own store strictly by RFC 5280, so it contains what an authority
    /// must contain.
    private static func certificate(for names: [String], _ key: P256.Signing.PrivateKey) throws -> Certificate {
        let subject = try DistinguishedName { CommonName("Emulated Entra tenant") }
        let publicKey = Certificate.PublicKey(key.publicKey)
        let id = SubjectKeyIdentifier(hash: publicKey)
        return try Certificate(
            version: .v3,
            serialNumber: .init(),
            publicKey: publicKey,
            notValidBefore: Date(timeIntervalSinceNow: -day),
            notValidAfter: Date(timeIntervalSinceNow: 365 * day),
            issuer: subject,
            subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(digitalSignature: true, keyCertSign: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(names.map(name))
                id
                AuthorityKeyIdentifier(keyIdentifier: id.keyIdentifier)
            },
            issuerPrivateKey: .init(key)
        )
    }

    private static let day = 86_400.0

    private static func name(_ text: String) -> GeneralName {
        let numbers = text.split(separator: ".").compactMap { UInt8($0) }
        if numbers.count == 4 { return .ipAddress(ASN1OctetString(contentBytes: numbers[...])) }
        if text == "::1" {
            return .ipAddress(ASN1OctetString(contentBytes: (Array(repeating: 0, count: 15) + [1])[...]))
        }
        return .dnsName(text)
    }

    /// The names under which it may be reached: this machine's, the public one, and Microsoft's, which may lead here.
    private static func names(_ settings: EmulatorSettings) -> [String] {
        let outside = settings.publicURL.flatMap { URL(string: $0)?.host }
        let own = [settings.host, "localhost", "127.0.0.1", "::1"] + [outside].compactMap { $0 }
        return Array(Set(own)).sorted() + MicrosoftNames.all.sorted()
    }
}
