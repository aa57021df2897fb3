import HTTPTypes
import Hummingbird

/// The headers of every answer that restrict what the browser does.
enum SecurityHeaders {
    /// Only what this server sends is loaded, run or framed; a page contains no script and no style.
    static let all: HTTPFields = {
        var fields: HTTPFields = [
            .contentSecurityPolicy: [
                "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
                "font-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
            ].joined(separator: "; "),
            .xContentTypeOptions: "nosniff",
        ]
        for (name, value) in [
            ("Referrer-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        ] {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        return fields
    }()
}

/// Whether a form was sent by a page of this server (Fetch Metadata; RFC 6454 for browsers without it).
enum SameOrigin {
    /// Whether the browser names the origin of the form.
    static func isTold(_ request: Request) -> Bool {
        request.headers[.origin] != nil
            || HTTPField.Name("Sec-Fetch-Site").flatMap { request.headers[$0] } != nil
    }

    /// - Parameter host: the requested host name of this server.
    static func sent(_ request: Request, to host: String?) -> Bool {
        if let name = HTTPField.Name("Sec-Fetch-Site"), let site = request.headers[name] {
            return site == "same-origin"
        }
        guard let origin = request.headers[.origin] else { return true }
        guard let host else { return false }
        return origin == "http://\(host)" || origin == "https://\(host)"
    }
}
