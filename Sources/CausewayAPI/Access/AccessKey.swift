import Crypto
import Foundation

/// Random keys for tokens, sessions and links, and what is stored of them.
enum AccessKey {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

    /// An unguessable key: letters and digits, about six bits each.
    static func random(length: Int = 60) -> String {
        var generator = SystemRandomNumberGenerator()
        return String((0..<length).map { _ in letters.randomElement(using: &generator) ?? "A" })
    }

    /// What is stored: a fast hash is sufficient, since the key is random and long.
    static func hash(_ key: String) -> [UInt8] { Array(SHA256.hash(data: Data(key.utf8))) }

    /// Compares in the same time wherever the texts differ.
    static func areEqual(_ left: String, _ right: String) -> Bool {
        let (left, right) = (hash(left), hash(right))
        return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
