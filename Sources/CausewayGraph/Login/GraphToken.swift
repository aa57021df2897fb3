import CausewayJSON
import Foundation

/// A token as the sign-in service issued it. It prints as a mask.
struct GraphToken: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    let value: String
    /// When to get another: before its end, so that no request is sent with a token that is about to expire.
    let renewal: ContinuousClock.Instant
    /// When it expires.
    let end: ContinuousClock.Instant

    init(value: String, issued: ContinuousClock.Instant, lifetime: Duration) {
        self.value = value
        // Five minutes before the end, or a fifth of a shorter life; never at the very end, since requests take time.
        renewal = issued + lifetime - min(.seconds(300), lifetime / 5)
        end = issued + lifetime - min(.seconds(30), lifetime / 10)
    }

    var description: String { "********" }
    var customMirror: Mirror { Mirror(self, children: []) }

    /// What it says; empty if it cannot be read.
    var claims: TokenClaims {
        let parts = value.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Self.decodeBase64URL(parts[1]), let json = try? JSONValue(parsing: bytes)
        else { return TokenClaims() }
        return TokenClaims(json)
    }

    private static func decodeBase64URL(_ text: Substring) -> [UInt8]? {
        var base64 = text.replacing("-", with: "+").replacing("_", with: "/")
        while base64.count % 4 != 0 { base64 += "=" }
        return Data(base64Encoded: String(base64)).map(Array.init)
    }
}

/// What an access token says about the application: a hint for messages, never a decision. Clients must not interpret the
/// token's content (Microsoft identity platform, "Access tokens").
package struct TokenClaims: Hashable, Sendable {
    /// Application permissions that were consented to (`roles`).
    package let roles: Set<String>
    /// Client id (`appid`, `azp`).
    package let application: String?
    /// The app registration's display name (`app_displayname`).
    package let applicationName: String?
    /// The tenant's id (`tid`).
    package let tenant: String?
    /// Templates of the directory roles that the application holds (`wids`).
    package let directoryRoles: Set<String>

    /// The permissions; nil if the token cannot be read, so that they are unknown.
    var granted: Set<String>? { application == nil && roles.isEmpty ? nil : roles }

    init(_ json: JSONValue = [:]) {
        func texts(_ name: String) -> Set<String> { Set(json[name]?.array?.compactMap(\.string) ?? []) }
        roles = texts("roles")
        application = json["appid"]?.string ?? json["azp"]?.string
        applicationName = json["app_displayname"]?.string
        tenant = json["tid"]?.string
        directoryRoles = texts("wids")
    }
}
