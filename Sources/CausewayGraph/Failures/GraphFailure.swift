package import CausewayJSON
import Foundation

/// Why a request to Graph failed, classified by what can be done about it.
package struct GraphFailure: Error, Hashable, Sendable {
    /// The class of the failure.
    package enum Kind: Hashable, Sendable {
        /// No token: nothing works until the credentials are corrected.
        case login(LoginError)
        /// Graph does not accept the token.
        case unauthorized
        case permissionMissing
        case throttled
        /// Graph is unavailable; it may work in a while. See ``GraphFailure/wasNotCarriedOut``.
        case unavailable
        /// It is unknown whether the request was carried out.
        case unanswered
        case notFound
        /// A referenced object does not exist, or not yet on all replicas: link writes right after a creation.
        case referenceNotFound
        /// Another object already has this value; nil if Graph does not name the property.
        case alreadyExists(property: String?)
        /// The members to add are members already.
        case memberAlreadyThere
        case invalidValue(property: String?)
        case quotaExceeded
        /// A page token or delta token is no longer valid.
        case expiredPage
        case refused
    }

    package let kind: Kind
    /// HTTP status; 0 if there was no answer.
    package let status: Int
    /// Graph's code, such as `Request_BadRequest`; empty if there was no answer.
    package let code: String
    /// Graph's message, or the client's own if there was no answer. Never contains a value that was sent.
    package let message: String
    /// Graph's id of the request, for Microsoft's support.
    package let requestID: String?
    /// How long Graph asks to wait.
    package let retryAfter: Duration?
    /// The answer that came instead of Graph's, if one did.
    package let foreign: NonGraphAnswer?
    /// The failure of a proxy; nil if the request got past it.
    package private(set) var proxy: ProxyFailure?
    /// The missing permission of a refused request, if the request is known.
    package private(set) var lack: PermissionLack?

    init(
        kind: Kind,
        status: Int = 0,
        code: String = "",
        message: String,
        requestID: String? = nil,
        retryAfter: Duration? = nil,
        foreign: NonGraphAnswer? = nil
    ) {
        self.kind = kind
        self.status = status
        self.code = code
        self.message = message
        self.requestID = requestID
        self.retryAfter = retryAfter
        self.foreign = foreign
    }

    /// Something else answered instead of Graph, so the result of the request is unknown.
    init(_ foreign: NonGraphAnswer, headers: [String: String]) {
        let kind: Kind =
            switch foreign.status {
            case 401: .unauthorized
            // A batch that is too large for a proxy is sent in parts.
            case 413: .refused
            case 429, 509: .throttled
            case 424, 500...503, 505...599: .unavailable
            default: .unanswered
            }
        self.init(
            kind: kind,
            status: foreign.status,
            message: foreign.sentence(service: NonGraphAnswer.graph),
            retryAfter: headers["retry-after"].flatMap { Self.wait($0, now: Date()) },
            foreign: foreign
        )
    }

    /// The same failure, with the missing permission if Graph refused the request.
    ///
    /// - Parameter claims: what the token says.
    func explained(_ request: GraphRequest, _ claims: TokenClaims) -> GraphFailure {
        guard kind == .permissionMissing else { return self }
        var explained = self
        explained.lack = PermissionLack(request, granted: claims.granted, code: code, message: message)
        return explained
    }

    /// It is unknown whether the request was carried out.
    package static func unanswered(_ reason: String) -> GraphFailure {
        GraphFailure(kind: .unanswered, message: "No answer: \(reason).")
    }

    /// It was still waiting for its turn when its time was over.
    static let notInTime = GraphFailure(kind: .throttled, message: "Graph's limits did not allow the request in time.")

    /// Whether Graph says that an object does not exist: it is gone, or not visible yet.
    package var isAbsence: Bool { kind == .notFound || kind == .referenceNotFound }

    /// Whether Graph has certainly not carried it out.
    var wasNotCarriedOut: Bool {
        switch kind {
        case .throttled, .unauthorized, .login: true
        case .unavailable: status == 0 || status == 424
        default: false
        }
    }

    /// Whether Graph works and refuses.
    var isRefusal: Bool {
        switch kind {
        case .login, .unauthorized, .throttled, .unavailable, .unanswered: false
        default: true
        }
    }

    /// Whether Graph does not take a batch as it is.
    var refusesBatch: Bool { status == 413 || (status == 400 && kind != .unanswered) }

    static func login(_ error: LoginError) -> GraphFailure {
        GraphFailure(kind: .login(error), message: error.sentence)
    }

    init(_ error: TransportError) {
        guard case .proxy(let failure) = error else {
            self.init(kind: error.isUnsent ? .unavailable : .unanswered, message: "Graph: \(error).")
            return
        }
        self.init(kind: .unavailable, message: failure.sentence)
        proxy = failure
    }

    /// Reads an error answer.
    ///
    /// - Parameters:
    ///   - headers: by lower-case name.
    ///   - body: the answer's JSON, if it was JSON.
    package init(status: Int, headers: [String: String], body: JSONValue?) {
        let error = body?["error"]
        let code = error?["code"]?.string ?? ""
        let message = error?["message"]?.string ?? ""
        self.init(
            kind: Self.kind(status: status, code: code, message: message, details: error?["details"]?.array ?? []),
            status: status,
            code: code,
            message: message.isEmpty ? "HTTP status \(status)" : message,
            requestID: error?["innerError"]?["request-id"]?.string ?? headers["request-id"],
            retryAfter: headers["retry-after"].flatMap { Self.wait($0, now: Date()) }
        )
    }

    /// Reads `Retry-After`: seconds or an HTTP date (RFC 9110, 10.2.3).
    static func wait(_ text: String, now: Date) -> Duration? {
        if let seconds = Int64(text.trimmingCharacters(in: .whitespaces)) {
            return .seconds(min(max(seconds, 0), 3600))
        }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        guard let date = formatter.date(from: text) else { return nil }
        return .seconds(min(max(date.timeIntervalSince(now), 0), 3600))
    }
}
