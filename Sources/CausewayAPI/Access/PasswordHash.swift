import Crypto
import CryptoExtras
import Foundation

/// Passwords of Causeway's users, hashed with scrypt (RFC 7914), each with its own salt.
///
/// Written as `scrypt$rounds$block$parallel$salt$hash`, so that the costs can be raised later.
enum PasswordHash {
    private static let (rounds, blockSize, parallelism) = (1 << 15, 8, 1)
    private static let length = 32

    static func make(_ password: String) throws -> String {
        var generator = SystemRandomNumberGenerator()
        let salt = Data((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
        let hash = try derive(password, salt, rounds, blockSize, parallelism)
        return
            "scrypt$\(rounds)$\(blockSize)$\(parallelism)$\(salt.base64EncodedString())$\(hash.base64EncodedString())"
    }

    static func matches(_ password: String, _ stored: String) throws -> Bool {
        let parts = stored.split(separator: "$")
        guard parts.count == 6, parts[0] == "scrypt", let rounds = Int(parts[1]), let blockSize = Int(parts[2]),
            let parallelism = Int(parts[3]), let salt = Data(base64Encoded: String(parts[4])),
            let hash = Data(base64Encoded: String(parts[5]))
        else { return false }
        let found = try derive(password, salt, rounds, blockSize, parallelism)
        return found.count == hash.count && zip(found, hash).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func derive(_ password: String, _ salt: Data, _ rounds: Int, _ blockSize: Int, _ parallelism: Int)
        throws
        -> Data
    {
        let key = try KDF.Scrypt.deriveKey(
            from: Data(password.precomposedStringWithCompatibilityMapping.utf8),
            salt: salt,
            outputByteCount: length,
            rounds: rounds,
            blockSize: blockSize,
            parallelism: parallelism
        )
        return key.withUnsafeBytes { Data($0) }
    }
}
