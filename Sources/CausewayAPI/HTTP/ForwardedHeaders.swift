import HTTPTypes

/// What a proxy before this server tells of the client: the last entries alone are its own, what stands before them came from the client.
struct ForwardedHeaders {
    /// From `X-Forwarded-For`.
    let client: String?
    /// From `X-Forwarded-Host`.
    let host: String?
    /// Whether `X-Forwarded-Proto` says `https`.
    let isSecure: Bool

    init(_ headers: HTTPFields) {
        func last(_ name: String) -> String? {
            guard let name = HTTPField.Name(name), let entry = headers[values: name].last?.split(separator: ",").last
            else { return nil }
            return entry.trimmingPrefix(while: \.isWhitespace).description
        }
        client = last("X-Forwarded-For").flatMap { $0.isEmpty || $0.count > 45 ? nil : $0 }
        host = last("X-Forwarded-Host").flatMap { $0.isEmpty || $0.count > 255 ? nil : $0 }
        isSecure = last("X-Forwarded-Proto") == "https"
    }
}
