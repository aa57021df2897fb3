import CausewayJSON
import Crypto
import Foundation
import Synchronization

/// The log-in service: client credentials in, bearer token out (OAuth 2.0; Microsoft identity platform).
final class LoginService: Sendable {
    private let settings: EmulatorSettings
    private let domains: VerifiedDomains
    private let clock: any TenantClock
    private let key = SymmetricKey(size: .bits256)
    /// Issued tokens and when they end.
    private let tokens = Mutex<[String: Date]>([:])
    private let random: Mutex<SeededRandom>

    private static let lifetime = 3599

    init(settings: EmulatorSettings, domains: VerifiedDomains, clock: any TenantClock) {
        self.settings = settings
        self.domains = domains
        self.clock = clock
        random = Mutex(SeededRandom(seed: settings.seed &+ 7))
    }

    /// Answers a token request.
    ///
    /// - Parameters:
    ///   - tenant: from the path.
    ///   - form: the fields of the body.
    ///   - audience: Graph's URL, which the scope must name.
    func token(tenant: String, form: [String: String], audience: String) -> GraphReply {
        do throws(LoginRefusal) {
            try check(tenant: tenant, form)
            return .ok(
                [
                    "token_type": "Bearer", "expires_in": .integer(Int64(Self.lifetime)),
                    "ext_expires_in": .integer(Int64(Self.lifetime)), "access_token": .string(issue(audience)),
                ]
            )
        } catch {
            return reply(error)
        }
    }

    private func check(tenant: String, _ form: [String: String]) throws(LoginRefusal) {
        guard tenant.lowercased() == settings.tenantID.lowercased() || domains.contains(tenant) else {
            throw .unknownTenant(tenant)
        }
        for field in ["grant_type", "client_id", "scope"] where (form[field] ?? "").isEmpty { throw .missing(field) }
        guard form["grant_type"] == "client_credentials" else { throw .unsupportedGrant(form["grant_type"] ?? "") }
        guard form["client_id"]?.lowercased() == settings.clientID.lowercased() else {
            throw .unknownApplication(form["client_id"] ?? "", tenant)
        }
        guard form["scope"]?.hasSuffix("/.default") == true else { throw .wrongScope(form["scope"] ?? "") }
        guard let secret = form["client_secret"], !secret.isEmpty else { throw .missing("client_secret") }
        guard secret == settings.clientSecret else { throw .wrongSecret(settings.clientID) }
    }

    private func issue(_ audience: String) -> String {
        let now = clock.now()
        let end = now.addingTimeInterval(Double(Self.lifetime))
        let claims: JSONValue = [
            "aud": .string(audience), "iss": .string("https://sts.windows.net/\(settings.tenantID)/"),
            "tid": .string(settings.tenantID), "appid": .string(settings.clientID),
            "roles": JSONValue(settings.permissions.sorted()), "iat": .integer(Int64(now.timeIntervalSince1970)),
            "exp": .integer(Int64(end.timeIntervalSince1970)), "jti": .string(random.withLock { $0.uuid() }),
        ]
        let header: JSONValue = ["typ": "JWT", "alg": "HS256"]
        let signed = "\(header.bytes.base64URL).\(claims.bytes.base64URL)"
        let signature = HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: key)
        let token = "\(signed).\(Array(signature).base64URL)"
        tokens.withLock { tokens in
            tokens = tokens.filter { $0.value > now }
            tokens[token] = end
        }
        return token
    }

    /// Checks the token of a call.
    func check(authorization: String?) throws(GraphProblem) {
        guard let authorization, authorization.lowercased().hasPrefix("bearer ") else {
            throw .unauthorised("Access token is empty.")
        }
        let token = String(authorization.dropFirst("bearer ".count))
        guard let end = tokens.withLock({ $0[token] }) else { throw .unauthorised("CompactToken validation failed.") }
        guard clock.now() < end else { throw .unauthorised("Lifetime validation failed, the token is expired.") }
    }

    /// Makes every token end at once.
    func revokeAll() { tokens.withLock { $0 = [:] } }

    private func reply(_ refusal: LoginRefusal) -> GraphReply {
        let time = clock.now().graphText.replacing("T", with: " ")
        let (trace, correlation) = random.withLock { ($0.uuid(), $0.uuid()) }
        let words =
            "AADSTS\(refusal.number): \(refusal.message) Trace ID: \(trace) Correlation ID: \(correlation) Timestamp: \(time)"
        return GraphReply(
            status: refusal.status,
            body: [
                "error": .string(refusal.error), "error_description": .string(words),
                "error_codes": [.integer(Int64(refusal.number))], "timestamp": .string(time),
                "trace_id": .string(trace),
                "correlation_id": .string(correlation),
                "error_uri": .string("https://login.microsoftonline.com/error?code=\(refusal.number)"),
            ]
        )
    }
}

/// Why no token is given: status, error word and AADSTS number as documented and recorded.
struct LoginRefusal: Error {
    let status: Int
    let error: String
    let number: Int
    let message: String

    static func unknownTenant(_ tenant: String) -> LoginRefusal {
        LoginRefusal(
            status: 400,
            error: "invalid_tenant",
            number: 90002,
            message:
                "Tenant '\(tenant)' not found. Check to make sure you have the correct tenant ID and are signing into "
                + "the correct cloud."
        )
    }

    static func missing(_ field: String) -> LoginRefusal {
        LoginRefusal(
            status: 400,
            error: "invalid_request",
            number: 900_144,
            message: "The request body must contain the following parameter: '\(field)'."
        )
    }

    static func unsupportedGrant(_ grant: String) -> LoginRefusal {
        LoginRefusal(
            status: 400,
            error: "unsupported_grant_type",
            number: 70_003,
            message: "The app requested an unsupported grant type '\(grant)'."
        )
    }

    static func unknownApplication(_ id: String, _ tenant: String) -> LoginRefusal {
        LoginRefusal(
            status: 400,
            error: "unauthorized_client",
            number: 700_016,
            message: "Application with identifier '\(id)' was not found in the directory '\(tenant)'."
        )
    }

    static func wrongScope(_ scope: String) -> LoginRefusal {
        LoginRefusal(
            status: 400,
            error: "invalid_scope",
            number: 1_002_012,
            message:
                "The provided value for scope \(scope) is not valid. Client credential flows must have a scope value with "
                + "/.default suffixed to the resource identifier."
        )
    }

    static func wrongSecret(_ client: String) -> LoginRefusal {
        LoginRefusal(
            status: 401,
            error: "invalid_client",
            number: 7_000_215,
            message:
                "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "
                + "not the client secret ID, for a secret added to app '\(client)'."
        )
    }
}

extension [UInt8] {
    /// Base64url without padding (RFC 4648, 5).
    var base64URL: String {
        Data(self).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
