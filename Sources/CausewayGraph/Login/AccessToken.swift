import CausewayJSON
import Foundation

/// A token as the log-in service issued it. It prints as a mask.
struct AccessToken: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    let value: String
    /// When to get another: ahead of its end, so that no request is sent with a token about to end.
    let renewal: ContinuousClock.Instant

    var description: String { "********" }
    var customMirror: Mirror { Mirror(self, children: []) }

    /// Five minutes ahead, or a fifth of a shorter life.
    static func renewal(issued: ContinuousClock.Instant, lifetime: Duration) -> ContinuousClock.Instant {
        issued + lifetime - min(.seconds(300), lifetime / 5)
    }

    /// The application permissions that the token says were consented to; a hint for messages, never a decision: the token
    /// is Graph's to judge, and ours to carry.
    var roles: [String] {
        let parts = value.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let claims = Self.decodeBase64URL(parts[1]) else { return [] }
        let json = try? JSONValue(parsing: claims)
        return json?["roles"]?.array?.compactMap(\.string) ?? []
    }

    private static func decodeBase64URL(_ text: Substring) -> [UInt8]? {
        var base64 = text.replacing("-", with: "+").replacing("_", with: "/")
        while base64.count % 4 != 0 { base64 += "=" }
        return Data(base64Encoded: String(base64)).map(Array.init)
    }
}
