import HTTPTypes

/// What a proxy in front of this server reports about the client: only the last entries are the proxy's, those before came from the client.
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
