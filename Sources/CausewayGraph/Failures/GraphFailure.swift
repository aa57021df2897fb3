package import CausewayJSON
import Foundation

/// Why a request to Graph did not do what it was to do: sorted by what can be done about it.
package struct GraphFailure: Error, Hashable, Sendable {
    /// What sort of failure it is.
    package enum Kind: Hashable, Sendable {
        /// No token: nothing will work until the credentials are put right.
        case login(LoginError)
        /// Graph does not accept the token.
        case unauthorised
        case permissionMissing
        case throttled
        /// Graph is in trouble; it may work in a while. See ``GraphFailure/wasNotCarriedOut``.
        case unavailable
        /// Nobody knows whether the request was carried out.
        case unanswered
        case notFound
        /// Something referred to does not exist, or not yet everywhere: link writes straight after a create.
        case referenceNotFound
        /// Another object has this value already; nil where Graph does not say of which property.
        case alreadyExists(property: String?)
        /// Members that are to be added are members already.
        case memberAlreadyThere
        case invalidValue(property: String?)
        case quotaExceeded
        /// A page token or delta token is no longer good.
        case expiredPage
        case refused
    }

    package let kind: Kind
    /// HTTP status; 0 where there was no answer.
    package let status: Int
    /// Graph's code, such as `Request_BadRequest`; empty where there was no answer.
    package let code: String
    /// Graph's own words, or ours where there was no answer. Never holds a value that was sent.
    package let message: String
    /// Graph's id of the request, for Microsoft's support.
    package let requestID: String?
    /// How long Graph asks to wait.
    package let retryAfter: Duration?
    /// The answer that came in place of Graph's, where one did.
    package let foreign: NonGraphAnswer?
    /// What a refused request lacked, where it is known which request it was.
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

    /// Somebody else answered in Graph's place, so nobody knows what became of the request.
    init(_ foreign: NonGraphAnswer, headers: [String: String]) {
        let kind: Kind =
            switch foreign.status {
            case 401: .unauthorised
            // A batch that is too large for what stands in between is sent in parts.
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

    /// The same failure, with what the request lacked where Graph refused it.
    ///
    /// - Parameter claims: what the token says.
    func explained(_ request: GraphRequest, _ claims: TokenClaims) -> GraphFailure {
        guard kind == .permissionMissing else { return self }
        var explained = self
        explained.lack = PermissionLack(request, granted: claims.granted, code: code, message: message)
        return explained
    }

    /// Nobody knows whether the request was carried out.
    package static func unanswered(_ reason: String) -> GraphFailure {
        GraphFailure(kind: .unanswered, message: "No answer: \(reason).")
    }

    /// It was still waiting for its turn when its time was over.
    static let notInTime = GraphFailure(kind: .throttled, message: "Graph's limits left no room for it in time.")

    /// Whether Graph says that something is not there: it is gone, or does not show yet.
    package var isAbsence: Bool { kind == .notFound || kind == .referenceNotFound }

    /// Whether Graph certainly has not carried it out.
    var wasNotCarriedOut: Bool {
        switch kind {
        case .throttled, .unauthorised, .login: true
        case .unavailable: status == 0 || status == 424
        default: false
        }
    }

    /// Whether Graph is in order and says no.
    var isRefusal: Bool {
        switch kind {
        case .login, .unauthorised, .throttled, .unavailable, .unanswered: false
        default: true
        }
    }

    /// Whether Graph does not take a batch as it is.
    var refusesBatch: Bool { status == 413 || (status == 400 && kind != .unanswered) }

    static func login(_ error: LoginError) -> GraphFailure {
        GraphFailure(kind: .login(error), message: error.sentence)
    }

    init(_ error: TransportError) {
        self.init(kind: error.isUnsent ? .unavailable : .unanswered, message: "Graph: \(error).")
    }

    /// Reads an error answer.
    ///
    /// - Parameters:
    ///   - headers: by lower-case name.
    ///   - body: the answer's JSON, if it was any.
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
